#include "replay/cdxserver/format.h"

#include "core/base/ascii.h"
#include "replay/memento/timemap.h"

namespace wm::cdxserver {
namespace {

/// A value of a text line: blanks would end it.
void put_word(std::string& out, std::string_view value) {
  if (value.empty()) value = "-";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

void put_line(std::string& out, const Row& row, const std::vector<Column>& columns,
              Dialect dialect) {
  std::string buffer;
  bool first = true;
  for (const Column& column : columns) {
    if (!first) out += ' ';
    first = false;
    put_word(out, text_of(row, column.field, dialect, buffer));
  }
}

/// OutbackCDX has numbers as numbers.
void put_value(std::string& out, std::string_view value, Field field, Dialect dialect) {
  using enum Field;
  const bool number = field == kTimestamp || field == kStatus || field == kLength ||
                      field == kOffset || field == kOrigLength || field == kOrigOffset;
  if (dialect == Dialect::kOutback && number) {
    out += value.empty() ? std::string_view("0") : value;
  } else {
    memento::append_json(out, value);
  }
}

/// `{"name": "value", …}`, what is not there left out.
void put_object(std::string& out, const Row& row, const std::vector<Column>& columns,
                Dialect dialect) {
  std::string buffer;
  bool first = true;
  out += '{';
  for (const Column& column : columns) {
    const auto value = text_of(row, column.field, dialect, buffer);
    if (value.empty()) continue;
    if (!first) out += ", ";
    first = false;
    memento::append_json(out, column.name);
    out += ": ";
    put_value(out, value, column.field, dialect);
  }
  out += '}';
}

/// Behind an empty line.
void put_resume_key(std::string& out, const std::optional<std::string>& key) {
  if (key) ((out += '\n') += *key) += '\n';
}

class TextFormat final : public Format {
 public:
  explicit TextFormat(const Query& query) : columns_(query.columns), dialect_(query.dialect) {}
  void row(std::string& out, const Row& row) override {
    put_line(out, row, columns_, dialect_);
    out += '\n';
  }
  void end(std::string& out, const std::optional<std::string>& resume_key) override {
    put_resume_key(out, resume_key);
  }

 private:
  std::vector<Column> columns_;
  Dialect dialect_;
};

/// "[[names],\n[values],\n…]\n" of the Internet Archive; OutbackCDX has no names.
class ArraysFormat final : public Format {
 public:
  explicit ArraysFormat(const Query& query) : columns_(query.columns), dialect_(query.dialect) {}
  void begin(std::string& out) override { out += '['; }
  void row(std::string& out, const Row& row) override {
    if (first_ && dialect_ == Dialect::kInternetArchive) {
      put_names(out);
      first_ = false;
    }
    separate(out);
    std::string buffer;
    out += '[';
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i != 0) out += ',';
      const auto value = text_of(row, columns_[i].field, dialect_, buffer);
      const bool none = value.empty() && dialect_ == Dialect::kInternetArchive;
      put_value(out, none ? std::string_view("-") : value, columns_[i].field, dialect_);
    }
    out += ']';
  }
  void end(std::string& out, const std::optional<std::string>& resume_key) override {
    if (resume_key) {
      out += ",\n[],\n[";
      memento::append_json(out, *resume_key);
      out += ']';
    }
    out += "]\n";
  }

 private:
  void separate(std::string& out) {
    if (!first_) out += ",\n";
    first_ = false;
  }
  void put_names(std::string& out) {
    out += '[';
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i != 0) out += ',';
      memento::append_json(out, columns_[i].name);
    }
    out += ']';
  }

  std::vector<Column> columns_;
  Dialect dialect_;
  bool first_ = true;
};

class ObjectsFormat final : public Format {
 public:
  explicit ObjectsFormat(const Query& query)
      : columns_(query.columns), dialect_(query.dialect), output_(query.output) {}
  void begin(std::string& out) override {
    if (output_ == Output::kJsonDicts) out += '[';
  }
  void row(std::string& out, const Row& row) override {
    if (output_ == Output::kJsonDicts && !first_) out += ",\n";
    first_ = false;
    put_object(out, row, columns_, dialect_);
    if (output_ == Output::kJsonLines) out += '\n';
  }
  void end(std::string& out, const std::optional<std::string>& resume_key) override {
    if (output_ == Output::kJsonDicts) out += "]\n";
    if (output_ == Output::kJsonLines && resume_key) {
      out += "{\"resumeKey\": ";
      memento::append_json(out, *resume_key);
      out += "}\n";
    }
  }

 private:
  std::vector<Column> columns_;
  Dialect dialect_;
  Output output_;
  bool first_ = true;
};

class CdxjFormat final : public Format {
 public:
  explicit CdxjFormat(const Query& query) : dialect_(query.dialect) {
    // The other dialects' usual columns, in CDXJ's names; the key and the time stand before the
    // object.
    for (const Column& column : query.columns) {
      const bool ahead = column.field == Field::kUrlkey || column.field == Field::kTimestamp;
      if (!ahead || query.columns_asked)
        columns_.push_back(query.columns_asked ? column : column_of(column.field, Dialect::kPywb));
    }
  }
  void row(std::string& out, const Row& row) override {
    ((out += row.capture.surt) += ' ') += row.capture.time.text();
    out += ' ';
    put_object(out, row, columns_, dialect_);
    out += '\n';
  }
  void end(std::string& out, const std::optional<std::string>& resume_key) override {
    put_resume_key(out, resume_key);
  }

 private:
  std::vector<Column> columns_;
  Dialect dialect_;
};

class LinkFormat final : public Format {
 public:
  explicit LinkFormat(memento::Addresses at) : at_(std::move(at)) {}
  void row(std::string& out, const Row& row) override {
    if (!first_) out += ",\n";
    first_ = false;
    memento::append_memento_link(out, at_, row.capture);
  }
  void end(std::string& out, const std::optional<std::string>&) override {
    if (!first_) out += '\n';
  }

 private:
  memento::Addresses at_;
  bool first_ = true;
};

}  // namespace

std::unique_ptr<Format> make_format(const Query& query, const memento::Addresses& at) {
  switch (query.output) {
    case Output::kText:
      return std::make_unique<TextFormat>(query);
    case Output::kJsonArrays:
      return std::make_unique<ArraysFormat>(query);
    case Output::kJsonDicts:
    case Output::kJsonLines:
      return std::make_unique<ObjectsFormat>(query);
    case Output::kCdxj:
      return std::make_unique<CdxjFormat>(query);
    case Output::kLink:
      break;
  }
  return std::make_unique<LinkFormat>(at);
}

std::string_view media_type_of(Output output) noexcept {
  switch (output) {
    case Output::kText:
      return "text/plain; charset=utf-8";
    case Output::kJsonArrays:
    case Output::kJsonDicts:
      return "application/json";
    case Output::kJsonLines:
      return "text/x-ndjson";
    case Output::kCdxj:
      return "text/x-cdxj";
    case Output::kLink:
      return "application/link-format";
  }
  return "text/plain";
}

std::string whole_line(const Row& row, Dialect dialect) {
  std::string line;
  put_line(line, row, usual_columns(dialect), dialect);
  return line;
}

}  // namespace wm::cdxserver

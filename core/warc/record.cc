#include "core/warc/record.h"

#include <array>

#include "core/base/ascii.h"

namespace wm::warc {

namespace {

constexpr std::array<std::string_view, 8> kTypeNames = {"warcinfo",   "response",    "resource",
                                                        "request",    "metadata",    "revisit",
                                                        "conversion", "continuation"};

}  // namespace

RecordType record_type(std::string_view name) noexcept {
  name = trim(name);
  for (std::size_t i = 0; i < kTypeNames.size(); ++i) {
    if (iequals(name, kTypeNames[i])) return static_cast<RecordType>(i);
  }
  return RecordType::kUnknown;
}

std::string_view name_of(RecordType type) noexcept {
  const auto index = static_cast<std::size_t>(type);
  return index < kTypeNames.size() ? kTypeNames[index] : "unknown";
}

RecordType WarcRecord::type() const {
  const auto name = fields.find("WARC-Type");
  return name ? record_type(*name) : RecordType::kUnknown;
}

std::string_view WarcRecord::id() const {
  return fields.find("WARC-Record-ID").value_or(std::string_view());
}

std::string WarcRecord::target_uri() const {
  std::string_view uri = trim(fields.find("WARC-Target-URI").value_or(std::string_view()));
  // The grammar of WARC 1.0 wrongly had the brackets; wget writes them to this day.
  if (uri.size() >= 2 && uri.front() == '<' && uri.back() == '>')
    uri = trim(uri.substr(1, uri.size() - 2));
  return std::string(uri);
}

std::optional<SysMicros> WarcRecord::date() const {
  const auto text = fields.find("WARC-Date");
  return text ? parse_w3c_date(trim(*text)) : std::nullopt;
}

}  // namespace wm::warc

// HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), and what browsers make of it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/http/media_type.h"
#include "core/http/message.h"
#include "core/url/url.h"
#include "server/imports/conversion.h"

namespace wm::imports {

using nlohmann::json;

namespace {

constexpr std::uint64_t kEntryBytes = 256ull << 20;
constexpr std::size_t kPages = 100000;

std::string text_of(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

const json& part_of(const json& object, const char* name) {
  static const json kNone;
  if (!object.is_object()) return kNone;
  const auto it = object.find(name);
  return it != object.end() ? *it : kNone;
}

std::int64_t number_of(const json& object, const char* name) {
  const json& value = part_of(object, name);
  if (value.is_number_integer() || value.is_number_unsigned()) return value.get<std::int64_t>();
  if (!value.is_number_float()) return 0;
  const double number = value.get<double>();
  return number > -1e15 && number < 1e15 ? static_cast<std::int64_t>(number) : 0;
}

/// Fields as HTTP/1.1 would have had them: without ":status" and the like; Chrome joins repeats by line ends.
http::Headers headers_of(const json& message) {
  http::Headers headers;
  const json& list = part_of(message, "headers");
  if (!list.is_array()) return headers;
  for (const json& one : list) {
    const std::string name = text_of(one, "name"), value = text_of(one, "value");
    if (!http::is_token(name)) continue;
    for (const std::string_view line : split(value, '\n')) headers.add(name, trim(line));
  }
  return headers;
}

std::string protocol(std::string version) {
  version = to_lower(version);
  if (version.starts_with("http/2") || version == "h2") return "h2";
  if (version.starts_with("http/3") || version.starts_with("h3")) return "h3";
  return version == "http/1.0" || version == "http/1.1" ? version : "";
}

struct Body {
  std::string bytes;
  bool is_text = false;  ///< as Unicode: its charset is UTF-8 now
};

/// nullopt if there was a body and the HAR does not have it.
std::optional<Body> body_of(const json& response) {
  const json& content = part_of(response, "content");
  const json& text = part_of(content, "text");
  if (!text.is_string()) return number_of(content, "size") > 0 ? std::nullopt : std::optional(Body{});
  if (!iequals(text_of(content, "encoding"), "base64")) return Body{.bytes = text.get<std::string>(), .is_text = true};
  auto decoded = base64_decode(text.get_ref<const std::string&>());
  if (!decoded) return std::nullopt;
  return Body{.bytes = std::move(*decoded), .is_text = false};
}

void keep_as_original(http::Headers& headers, std::string_view name) {
  const auto values = headers.all(name);
  const std::vector<std::string> kept(values.begin(), values.end());
  headers.remove(name);
  for (const std::string& value : kept) headers.add("x-orig-" + to_lower(name), value);
}

void fit_type(http::Headers& headers, const json& response, const Body& body) {
  const std::string said = text_of(part_of(response, "content"), "mimeType");
  const bool had_one = headers.has("Content-Type");
  if (!had_one && !said.empty() && said != "x-unknown") headers.add("Content-Type", said);
  const auto type = http::content_type(headers);
  if (!body.is_text || !type) return;
  const auto charset = type->parameter("charset");
  const bool textual = type->type == "text" || type->is_html() || type->is_javascript() || type->is_json() || type->is_xml();
  if (!textual || (charset && iequals(*charset, "utf-8"))) return;
  if (had_one) keep_as_original(headers, "Content-Type");
  headers.set("Content-Type", type->essence() + "; charset=utf-8");
}

http::ResponseHead response_head(const json& response, const Body& body) {
  http::ResponseHead head;
  head.status = static_cast<int>(number_of(response, "status"));
  head.reason = text_of(response, "statusText");
  head.headers = headers_of(response);
  // What a browser took from its cache is whole, whatever the server answered.
  if (head.status == 304 && !body.bytes.empty()) {
    head.headers.add("x-orig-status", "304");
    head.status = 200;
    head.reason.clear();
  }
  if (head.reason.empty()) head.reason = http::reason_phrase(head.status);
  keep_as_original(head.headers, "Content-Encoding");
  keep_as_original(head.headers, "Transfer-Encoding");
  if (head.status != 204 && head.status != 304) head.headers.set("Content-Length", std::to_string(body.bytes.size()));
  const std::string location = text_of(response, "redirectURL");
  if (head.status >= 300 && head.status < 400 && head.status != 304 && !location.empty() && !head.headers.has("Location")) head.headers.add("Location", location);
  fit_type(head.headers, response, body);
  return head;
}

std::string request_head(const json& request, const url::Url& url, std::size_t body_bytes) {
  http::RequestHead head;
  head.method = text_of(request, "method");
  head.target = url.path_and_query();
  head.headers = headers_of(request);
  for (const char* secret : {"Authorization", "Proxy-Authorization", "Transfer-Encoding"}) head.headers.remove(secret);
  if (!head.headers.has("Host")) head.headers.add("Host", url.port() ? fmt::format("{}:{}", url.host(), *url.port()) : std::string(url.host()));
  if (body_bytes > 0 || head.headers.has("Content-Length")) head.headers.set("Content-Length", std::to_string(body_bytes));
  return http::serialize(head);
}

class HarConverter {
 public:
  HarConverter(warc::WarcWriter& writer, std::stop_token stop) : writer_(writer), stop_(std::move(stop)) {}

  /// Between two entries; the parser's callback must not fail by itself.
  void take(const json& entry) {
    ++number_;
    if (failure_) return;
    if (stop_.stop_requested()) {
      failure_ = Error{Error::Code::kBusy, "interrupted"};
      return;
    }
    std::string why;
    if (const auto written = write(entry, why); !written) failure_ = written.error();
    if (!why.empty()) converted_.complain(fmt::format("entry {}: {}", number_, why));
  }

  void take_page(const json& page) {
    const std::string title = text_of(page, "title"), id = text_of(page, "id");
    if (titles_.size() < kPages) titles_.emplace(id, title);
  }

  bool failed() const { return failure_.has_value(); }
  Result<Converted> finish() {
    if (failure_) return std::unexpected(*failure_);
    for (auto& [id, page] : pages_) {
      // Most tools give the page's URL for its title.
      if (const auto title = titles_.find(id); title != titles_.end() && title->second != page.url) page.title = title->second;
      converted_.pages.push_back(std::move(page));
    }
    return std::move(converted_);
  }

 private:
  Result<> write(const json& entry, std::string& why) {
    const json& request = part_of(entry, "request");
    const json& response = part_of(entry, "response");
    const std::string address = text_of(request, "url");
    const auto url = url::Url::parse(address);
    if (!url || !url->is_http()) return refuse(why, "no web address: " + address.substr(0, 200));
    const std::int64_t status = number_of(response, "status");
    if (status < 100 || status > 999) return refuse(why, "no answer for " + address);
    const auto time = parse_w3c_date(text_of(entry, "startedDateTime"));
    if (!time) return refuse(why, "no time that can be read for " + address);
    const std::string method = text_of(request, "method");
    if (!http::is_token(method)) return refuse(why, "no method for " + address);
    const auto body = iequals(method, "HEAD") ? std::optional(Body{}) : body_of(response);
    if (!body) return refuse(why, "the HAR does not hold the body of " + address + "; save it with content");
    return write(entry, *url, *time, *body);
  }

  static Result<> refuse(std::string& why, std::string reason) {
    why = std::move(reason);
    return {};
  }

  Result<> write(const json& entry, const url::Url& url, SysMicros time, const Body& body) {
    const json& request = part_of(entry, "request");
    const json& response = part_of(entry, "response");
    warc::Event event{.target_uri = url.href_without_fragment(), .date = time, .ip_address = {}, .protocols = {}, .cipher_suite = {}, .page_id = {}, .resource_type = {}};
    if (const std::string address = text_of(entry, "serverIPAddress"); !address.empty()) event.ip_address = address;
    if (const std::string name = protocol(text_of(response, "httpVersion")); !name.empty()) event.protocols.push_back(name);
    const auto record = warc::response(event, sha1_digest(body.bytes));
    const http::ResponseHead head = response_head(response, body);
    WM_TRY(writer_.write(record, {http::serialize(head), body.bytes}));
    const std::string sent = text_of(part_of(request, "postData"), "text");
    WM_TRY(writer_.write(warc::request(event, record.id), {request_head(request, url, sent.size()), sent}));
    ++converted_.captures;
    note_page(text_of(entry, "pageref"), event, head);
    return {};
  }

  /// The first page a group of exchanges has is what was opened.
  void note_page(const std::string& id, const warc::Event& event, const http::ResponseHead& head) {
    const auto type = http::content_type(head.headers);
    if (id.empty() || head.status != 200 || !type || !type->is_html() || pages_.size() >= kPages) return;
    pages_.emplace(id, Page{.url = event.target_uri, .time = event.date, .title = ""});
  }

  warc::WarcWriter& writer_;
  const std::stop_token stop_;
  Converted converted_;
  std::map<std::string, Page> pages_;
  std::map<std::string, std::string> titles_;
  std::optional<Error> failure_;
  std::uint64_t number_ = 0;
};

/// The file as the parser wants it; ends early when one entry takes more than it may, or all is to stop.
class Bytes {
 public:
  explicit Bytes(std::unique_ptr<Source> source) : source_(std::move(source)) {}
  /// -1 at the end.
  int next() {
    if (at_ == got_ && !refill()) return -1;
    ++since_entry_;
    return static_cast<unsigned char>(buffer_[at_++]);
  }
  void entry_done() { since_entry_ = 0; }
  void end() { ended_ = true; }
  bool too_large() const { return since_entry_ > kEntryBytes; }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  bool refill() {
    if (ended_ || too_large()) return false;
    const auto more = source_->read(buffer_);
    if (!more) failure_ = more.error();
    got_ = more ? *more : 0;
    at_ = 0;
    ended_ = got_ == 0;
    return !ended_;
  }

  std::unique_ptr<Source> source_;
  std::vector<char> buffer_ = std::vector<char>(1 << 18);
  std::size_t at_ = 0, got_ = 0;
  std::uint64_t since_entry_ = 0;
  std::optional<Error> failure_;
  bool ended_ = false;
};

/// Bytes as an input iterator.
class ByteIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;
  ByteIterator() = default;
  explicit ByteIterator(Bytes& bytes) : bytes_(&bytes), current_(bytes.next()) {}
  char operator*() const { return static_cast<char>(current_); }
  ByteIterator& operator++() {
    current_ = bytes_->next();
    return *this;
  }
  ByteIterator operator++(int) {
    ByteIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const ByteIterator& other) const { return (current_ < 0) == (other.current_ < 0); }

 private:
  Bytes* bytes_ = nullptr;
  int current_ = -1;
};

}  // namespace

Result<Converted> har_to_warc(const std::filesystem::path& file, warc::WarcWriter& writer, std::stop_token stop) {
  Bytes bytes(file_source(WM_TRY(ReadFile::open(file))));
  HarConverter converter(writer, std::move(stop));
  std::string first, second;  // the keys we are in
  bool is_har = false;
  const auto callback = [&](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::key) {
      if (depth == 1) first = value.get<std::string>();
      if (depth == 2) second = value.get<std::string>();
      return true;
    }
    const bool in_log = first == "log" && depth >= 2;
    if (event == json::parse_event_t::array_start && depth == 2 && in_log && second == "entries") is_har = true;
    // One entry at a time: what has been taken is forgotten.
    if (event == json::parse_event_t::object_end && depth == 3 && in_log) {
      if (second == "entries") converter.take(value);
      if (second == "pages") converter.take_page(value);
      bytes.entry_done();
      if (converter.failed()) bytes.end();
      return false;
    }
    return event != json::parse_event_t::value || depth > 3;
  };
  const json rest = json::parse(ByteIterator(bytes), ByteIterator(), callback, false);
  if (bytes.failure()) return std::unexpected(*bytes.failure());
  Converted converted = WM_TRY(converter.finish());
  if (!is_har) return fail(Error::Code::kCorrupt, file.string() + " is no HAR: there is no log.entries in it");
  if (bytes.too_large()) converted.complain(fmt::format("an entry of more than {} bytes; it and all behind it are left out", kEntryBytes));
  else if (rest.is_discarded()) converted.complain("the file is cut off or damaged; what comes before is taken");
  return converted;
}

}  // namespace wm::imports

// RFC 2046 5.1.1 (boundaries), RFC 7578 4 (form-data).
#include "server/http/multipart.h"

#include "core/base/ascii.h"
#include "core/http/media_type.h"
#include "core/http/parser.h"

namespace wm::server {

namespace {

std::unexpected<Error> invalid(std::string_view what, std::size_t offset) {
  return fail(Error::Code::kInvalid,
              "form data: " + std::string(what) + " at byte " + std::to_string(offset));
}

/// Browsers escape just these three within a quoted name; everything else stands for itself,
/// backslashes too.
std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view escape = text.substr(i, 3);
    const bool known = escape == "%22" || iequals(escape, "%0d") || iequals(escape, "%0a");
    if (!known) {
      out += text[i];
      continue;
    }
    out += escape == "%22" ? '"' : iequals(escape, "%0d") ? '\r' : '\n';
    i += 2;
  }
  return out;
}

struct Disposition {
  std::optional<std::string> name;
  std::optional<std::string> filename;
};

/// `form-data; name="a"; filename="b"`. nullopt if it is not that.
std::optional<Disposition> parse_disposition(std::string_view value) {
  const std::size_t first = std::min(value.find(';'), value.size());
  if (!iequals(trim(value.substr(0, first)), "form-data")) return std::nullopt;
  Disposition found;
  std::string_view rest = value.substr(first);
  while (!rest.empty()) {
    rest.remove_prefix(1);  // ';'
    const std::size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) break;  // a word without a value, as the last
    const std::string_view key = trim(rest.substr(0, equals));
    if (rest[equals] == ';') {
      rest.remove_prefix(equals);
      continue;
    }
    rest = trim(rest.substr(equals + 1));
    const bool quoted = rest.starts_with('"');
    if (quoted) rest.remove_prefix(1);
    const std::size_t end = rest.find(quoted ? '"' : ';');
    if (quoted && end == std::string_view::npos) return std::nullopt;
    const std::string text = unescape(quoted ? rest.substr(0, end) : trim(rest.substr(0, end)));
    rest = rest.substr(std::min(end, rest.size()));
    if (quoted) rest = trim(rest.substr(1));
    if (!rest.empty() && rest.front() != ';') return std::nullopt;
    if (iequals(key, "name") && !found.name) found.name = text;
    if (iequals(key, "filename") && !found.filename) found.filename = text;
  }
  return found;
}

std::string without_folders(const std::string& filename) {
  const std::size_t slash = filename.find_last_of("/\\");
  return slash == std::string::npos ? filename : filename.substr(slash + 1);
}

Result<FormPart> make_part(const http::Headers& headers, std::string_view data, std::size_t offset,
                           const MultipartLimits& limits) {
  auto disposition = parse_disposition(headers.find("Content-Disposition").value_or(""));
  if (!disposition || !disposition->name) return invalid("a part without a name", offset);
  if (disposition->name->size() > limits.name_bytes)
    return fail(Error::Code::kTooLarge, "form data: a name that is too long");
  FormPart part{
      .name = std::move(*disposition->name), .filename = {}, .content_type = {}, .data = data};
  if (disposition->filename)
    part.filename = without_folders(*disposition->filename).substr(0, limits.name_bytes);
  part.content_type = headers.find("Content-Type").value_or("");
  return part;
}

/// Past blanks and the line end behind a boundary; nullopt if something else is there.
std::optional<std::size_t> after_line(std::string_view body, std::size_t at) {
  while (at < body.size() && (body[at] == ' ' || body[at] == '\t')) ++at;
  return body.substr(at, 2) == "\r\n" ? std::optional(at + 2) : std::nullopt;
}

Result<std::vector<FormPart>> parse_parts(std::string_view body, const std::string& delimiter,
                                          const MultipartLimits& limits) {
  const std::string_view opening =
      std::string_view(delimiter).substr(2);  // at the very start the line end is not there
  std::size_t at = body.starts_with(opening) ? opening.size() : body.find(delimiter);
  if (at == std::string_view::npos) return invalid("no boundary", 0);
  if (!body.starts_with(opening)) at += delimiter.size();
  std::vector<FormPart> parts;
  while (body.substr(at, 2) != "--") {
    const auto head_start = after_line(body, at);
    if (!head_start) return invalid("a boundary that goes on", at);
    const std::string_view rest = body.substr(*head_start);
    const std::string_view head_area = rest.substr(0, limits.head_bytes);
    const auto length = http::head_length(head_area);
    if (!length) {
      if (rest.size() > limits.head_bytes)
        return fail(Error::Code::kTooLarge, "form data: the head of a part");
      return invalid("a part without its head", *head_start);
    }
    const auto fields = WM_TRY(http::parse_fields(rest.substr(0, *length), http::Mode::kStrict,
                                                  {.bytes = limits.head_bytes, .fields = 32}));
    const std::size_t data_start = *head_start + *length;
    // An empty part's delimiter begins with the line end of its head.
    const std::size_t data_end = body.find(delimiter, data_start - 2);
    if (data_end == std::string_view::npos) return invalid("a part that does not end", data_start);
    const std::string_view data =
        body.substr(data_start, data_end < data_start ? 0 : data_end - data_start);
    if (parts.size() >= limits.parts)
      return fail(Error::Code::kTooLarge, "form data: too many parts");
    parts.push_back(WM_TRY(make_part(fields.head, data, *head_start, limits)));
    at = data_end + delimiter.size();
  }
  return parts;
}

}  // namespace

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body,
                                              MultipartLimits limits) {
  const auto type = http::parse_media_type(content_type);
  if (!type || type->essence() != "multipart/form-data") {
    return fail(Error::Code::kUnsupported,
                "not multipart/form-data: " + std::string(content_type.substr(0, 100)));
  }
  const auto boundary = type->parameter("boundary");
  if (!boundary || boundary->empty() || boundary->size() > 70)
    return fail(Error::Code::kUnsupported, "form data without a boundary");
  return parse_parts(body, "\r\n--" + std::string(*boundary), limits);
}

Result<std::vector<FormPart>> parse_multipart(const Request& request, MultipartLimits limits) {
  return parse_multipart(request.header("Content-Type").value_or(""), request.body, limits);
}

}  // namespace wm::server

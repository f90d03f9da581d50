#include "replay/cdxserver/filter.h"

#include "replay/cdxserver/format.h"

namespace wm::cdxserver {
namespace {

bool is_pywb(Dialect dialect) {
  return dialect == Dialect::kPywb || dialect == Dialect::kOwn;
}

}  // namespace

Result<Filter> Filter::parse(std::string_view written, Dialect dialect) {
  const std::string_view all = written;
  Filter filter;
  filter.dialect_ = dialect;
  filter.how_ = is_pywb(dialect) ? How::kContains : How::kWholePattern;
  // "!~" is pywb's order of signs, "~!" OpenWayback's.
  for (; !written.empty(); written.remove_prefix(1)) {
    if (written.front() == '!') {
      filter.inverted_ = true;
    } else if (written.front() == '=') {
      filter.how_ = How::kEqual;
    } else if (written.front() == '~') {
      filter.how_ = is_pywb(dialect) ? How::kStartPattern : How::kContains;
    } else {
      break;
    }
  }
  const std::size_t colon = written.find(':');
  if (colon != std::string_view::npos) {
    filter.field_ = field_of(written.substr(0, colon));
    if (!filter.field_)
      return fail(Error::Code::kInvalid,
                  "filter: no field is called " + std::string(written.substr(0, colon)));
    written.remove_prefix(colon + 1);
  } else if (dialect == Dialect::kOutback || written.empty()) {
    return fail(Error::Code::kInvalid, "filter must be field:expression, not " + std::string(all));
  }
  filter.text_ = written;
  if (filter.how_ == How::kWholePattern || filter.how_ == How::kStartPattern)
    filter.pattern_ = WM_TRY(pattern::Pattern::compile(written));
  return filter;
}

bool Filter::holds(std::string_view value) const {
  switch (how_) {
    case How::kContains:
      return value.find(text_) != std::string_view::npos;
    case How::kEqual:
      return value == text_;
    case How::kWholePattern:
      return pattern_->matches(value);
    case How::kStartPattern:
      return pattern_->matches_start(value);
  }
  return false;
}

bool Filter::lets_through(const Row& row) const {
  std::string buffer;
  if (!field_) return holds(whole_line(row, dialect_)) != inverted_;
  std::string_view value = text_of(row, *field_, dialect_, buffer);
  if (value.empty() && !is_pywb(dialect_)) value = "-";
  return holds(value) != inverted_;
}

}  // namespace wm::cdxserver

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "replay/cdxserver/query.h"
#include "replay/memento/link_header.h"

namespace wm::cdxserver {

/// Rows as text, appended piece by piece. One thread.
class Format {
 public:
  virtual ~Format() = default;
  virtual void begin(std::string&) {}
  virtual void row(std::string& out, const Row& row) = 0;
  /// `resume_key`: there is more, and the client wants to know where.
  virtual void end(std::string& out, const std::optional<std::string>& resume_key) = 0;
};

std::unique_ptr<Format> make_format(const Query& query, const memento::Addresses& at);
std::string_view media_type_of(Output output) noexcept;

/// A row with all that is known of it, as filters without a field see it.
std::string whole_line(const Row& row, Dialect dialect);

}  // namespace wm::cdxserver

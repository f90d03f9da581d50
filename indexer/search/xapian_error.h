#pragma once

#include <xapian.h>

#include <string>

#include "core/base/result.h"

namespace wm::search {

/// A Xapian exception as our Error; `doing` names what was tried.
Error error_of(const Xapian::Error& error, const std::string& doing);

}  // namespace wm::search

#pragma once

#include <string>

namespace wm {

/// Bytes from the system's secure generator.
std::string random_bytes(std::size_t count);
/// A version 4 UUID in lower case.
std::string random_uuid();

}  // namespace wm

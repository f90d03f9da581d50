#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace wm::browser {

/// Cuts what comes through the pipe into messages: JSON texts, each with one NUL behind it
/// (facts/capture.md §1.1). Linear, and holds at most `limit_bytes`: of a longer message only the
/// start is given, marked.
class MessageFramer {
 public:
  explicit MessageFramer(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  enum class Whole { kYes, kNo };
  /// Calls `take` for each message that ends in `bytes`. What it is given lives until it returns.
  void feed(std::string_view bytes, const std::function<void(std::string_view, Whole)>& take);

 private:
  const std::size_t limit_bytes_;
  std::string held_;
  bool too_long_ = false;
};

/// An answer's number, read from the start of a message that is too long to be parsed; nullopt for
/// an event.
std::optional<std::uint64_t> number_of_answer(std::string_view start);

/// The object a message is; nullopt for anything else, and for what is nested deeper than the
/// protocol ever is.
std::optional<nlohmann::json> parse_message(std::string_view text);

/// A member that is a string; "" otherwise.
std::string string_in(const nlohmann::json& object, const char* name);
/// A member that is a number; 0 otherwise.
double number_in(const nlohmann::json& object, const char* name);
/// A member that is an object; an empty object otherwise.
const nlohmann::json& object_in(const nlohmann::json& object, const char* name);

}  // namespace wm::browser

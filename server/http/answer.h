#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "server/http/message.h"
#include "server/http/request_reader.h"

namespace wm::server {

/// How a body of unknown length is told apart from what follows.
enum class Framing { kLength, kChunked, kUntilClose };

/// Adds the framing of `framing` around one piece of a body; nothing for an empty piece.
void append_piece(std::string& out, std::string_view piece, Framing framing);

/// The rest of a body that a Source gives, pulled piece by piece. One thread at a time.
class BodyStream {
 public:
  static constexpr std::size_t kPieceBytes = 64 * 1024;
  enum class Step { kMore, kEnd, kFailed };

  BodyStream(std::unique_ptr<Source> source, std::optional<std::uint64_t> length)
      : source_(std::move(source)), left_(length) {}
  /// Appends up to kPieceBytes of the body as it is. A Source that is slow is not waited for beyond
  /// the first bytes. Blocks as the Source does. More bytes than the length said are left out;
  /// fewer are a failure.
  Step pull(std::string& out);
  /// The error behind kFailed, for the log.
  const std::string& error() const { return error_; }

 private:
  Step fill(std::string& out, std::size_t want);
  std::unique_ptr<Source> source_;
  std::optional<std::uint64_t> left_;
  std::string error_;
};

/// A response as bytes: what is ready now, and where the rest comes from.
struct Answer {
  std::string bytes{};  ///< the head, and the first piece of a body
  std::string body{};   ///< more of it, moved here instead of copied
  bool keep_alive = true;
  Framing framing = Framing::kLength;     ///< of `stream` and `events`
  std::unique_ptr<BodyStream> stream{};   ///< the body goes on here
  std::unique_ptr<AsyncStream> events{};  ///< or here
};

/// Serialises a response; pulls the first piece of a stream, so that head and first bytes leave in
/// one write and a body that ends within it gets a Content-Length. A stream that fails before its
/// first byte gives a 500.
Answer make_answer(Response response, const AnswerFrame& frame);

/// The answer to what cannot be read; closes the connection.
Answer make_refusal(const RequestReader::Refusal& refusal);

}  // namespace wm::server

#include "archiver/proxy/http2_session_internal.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>

#include "archiver/proxy/header_rules_internal.h"
#include "archiver/proxy/target_internal.h"
#include "core/base/ascii.h"

namespace wm::proxy {
namespace {

constexpr std::size_t kUploadMemory = 64 << 10;
constexpr std::uint32_t kUploadWindow = 1 << 20;
constexpr std::size_t kSentHeadBytes = 1 << 20;  // of a response; curl takes 300 KB at most

std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

/// Field lines as nghttp2 takes them, which copies them on submission.
class FieldList {
 public:
  void add(std::string_view name, std::string_view value) {
    std::string clean(trim(value));
    for (char& c : clean) {
      if (c == '\r' || c == '\n' || c == '\0') c = ' ';
    }
    texts_.emplace_back(to_lower(name), std::move(clean));
  }
  std::vector<nghttp2_nv> lines() {
    std::vector<nghttp2_nv> all;
    all.reserve(texts_.size());
    for (auto& [name, value] : texts_) {
      all.push_back({.name = bytes_of(name),
                     .value = bytes_of(value),
                     .namelen = name.size(),
                     .valuelen = value.size(),
                     .flags = NGHTTP2_NV_FLAG_NONE});
    }
    return all;
  }

 private:
  static std::uint8_t* bytes_of(std::string& text) {
    return reinterpret_cast<std::uint8_t*>(text.data());
  }
  std::vector<std::pair<std::string, std::string>> texts_;
};

}  // namespace

struct Http2Session::Stream {
  http::RequestHead head;
  std::string scheme;
  std::string authority;
  std::size_t head_bytes = 0;
  std::string cookies;  ///< RFC 9113 8.2.3: one field again
  std::shared_ptr<fetch::Spool> body;
  std::shared_ptr<Answer> answer;
  bool submitted = false;
};

/// nghttp2's callbacks: cast once, call a member.
struct Http2Session::Callbacks {
  static Http2Session& self(void* user) { return *static_cast<Http2Session*>(user); }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) self(user).begin(frame->hd.stream_id);
    return 0;
  }
  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name,
                       std::size_t name_size, const std::uint8_t* value, std::size_t value_size,
                       std::uint8_t, void* user) {
    if (frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;  // trailers
    return self(user).take_field(frame->hd.stream_id, text_of(name, name_size),
                                 text_of(value, value_size))
               ? 0
               : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* bytes,
                     std::size_t size, void* user) {
    self(user).take_data(id, text_of(bytes, size));
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const bool may_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (may_end && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
      self(user).asked(frame->hd.stream_id);
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    self(user).closed(id);
    return 0;
  }
  static ssize_t read_body(nghttp2_session*, std::int32_t id, std::uint8_t* into, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source*, void* user) {
    Stream* stream = self(user).find(id);
    if (stream == nullptr || !stream->answer) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    Answer& answer = *stream->answer;
    const auto got = answer.body->read_at(answer.taken, {reinterpret_cast<char*>(into), size});
    if (!got) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    answer.taken += *got;
    if (answer.taken >= answer.body->size()) {
      if (answer.state == Answer::Body::kWhole) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
      } else if (*got == 0) {
        return answer.state == Answer::Body::kGrowing ? NGHTTP2_ERR_DEFERRED
                                                      : NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
      }
    }
    return static_cast<ssize_t>(*got);
  }
};

Http2Session::Http2Session(Desk& desk, const Limits& limits, std::string origin,
                           std::function<void()> wake)
    : desk_(desk), limits_(limits), origin_(std::move(origin)), wake_(std::move(wake)) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* options = nullptr;
  WM_CHECK(nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&options) == 0);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Callbacks::on_begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::on_header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::on_data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::on_frame);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::on_close);
  nghttp2_option_set_max_send_header_block_length(options, kSentHeadBytes);
  nghttp2_option_set_no_closed_streams(options, 1);
  WM_CHECK(nghttp2_session_server_new2(&session_, callbacks, this, options) == 0);
  nghttp2_option_del(options);
  nghttp2_session_callbacks_del(callbacks);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, static_cast<std::uint32_t>(limits_.streams)},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kUploadWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits_.head_bytes)}};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
}

Http2Session::~Http2Session() {
  gone();
  nghttp2_session_del(session_);
}

void Http2Session::gone() {
  for (auto& [id, stream] : streams_) {
    if (stream->answer) stream->answer->leave();
  }
  streams_.clear();
  over_ = true;
}

Http2Session::Stream* Http2Session::find(std::int32_t id) {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second.get();
}

void Http2Session::feed(std::string_view bytes) {
  if (over_) return;
  const auto taken = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (taken < 0 || static_cast<std::size_t>(taken) != bytes.size()) over_ = true;
  wake_();
}

void Http2Session::begin(std::int32_t id) {
  streams_.emplace(id, std::make_unique<Stream>());
}

bool Http2Session::take_field(std::int32_t id, std::string_view name, std::string_view value) {
  Stream* stream = find(id);
  if (stream == nullptr) return false;
  http::RequestHead& head = stream->head;
  stream->head_bytes += name.size() + value.size() + 32;
  if (stream->head_bytes > limits_.head_bytes || head.headers.size() >= limits_.head_fields)
    return false;
  if (name == ":method") {
    head.method = value;
  } else if (name == ":path") {
    head.target = value;
  } else if (name == ":scheme") {
    stream->scheme = value;
  } else if (name == ":authority") {
    stream->authority = value;
  } else if (name == "cookie") {
    stream->cookies += (stream->cookies.empty() ? "" : "; ") + std::string(value);
  } else if (!name.starts_with(':')) {
    head.headers.add(name, value);
  }
  return true;
}

void Http2Session::take_data(std::int32_t id, std::string_view bytes) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->answer) return;  // refused already: the rest is let go by
  if (!stream->body) stream->body = std::make_shared<fetch::Spool>(kUploadMemory);
  if (stream->body->size() + bytes.size() <= limits_.upload_bytes &&
      desk_.admit_upload(bytes.size()) && stream->body->append(bytes)) {
    return;
  }
  if (const auto url = url_in_tunnel(origin_, stream->head.target, std::nullopt))
    desk_.missed(*url, "its upload is larger than the limits");
  stream->body.reset();
  answer_with(id, refusal(413, "the upload is too large"));
}

void Http2Session::asked(std::int32_t id) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->answer) return;
  http::RequestHead& head = stream->head;
  if (!stream->cookies.empty()) head.headers.add("cookie", stream->cookies);
  const auto host = head.headers.find("host");
  if (stream->authority.empty() && host) stream->authority = *host;
  if (stream->scheme != "https" || !http::is_token(head.method) || head.method == "CONNECT" ||
      iequals(head.method, "TRACE") || iequals(head.method, "TRACK")) {
    return answer_with(id, refusal(405, "no such method here"));
  }
  auto url = url_in_tunnel(origin_, head.target, stream->authority);
  if (!url) {
    const bool misdirected = url.error().code == Error::Code::kConflict;
    return answer_with(id, refusal(misdirected ? 421 : 400, url.error().what));
  }
  answer_with(id, desk_.ask({.method = std::move(head.method),
                             .url = std::move(*url),
                             .headers = std::move(head.headers),
                             .body = std::move(stream->body)}));
}

void Http2Session::answer_with(std::int32_t id, std::shared_ptr<Answer> answer) {
  Stream& stream = *find(id);
  stream.answer = std::move(answer);
  stream.answer->changed = [this, id] {
    changed_.push_back(id);
    wake_();
  };
  stream.answer->changed();
}

void Http2Session::closed(std::int32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  if (found->second->answer) {
    Answer& answer = *found->second->answer;
    if (answer.finished())
      answer.changed = [] {};
    else
      answer.leave();
  }
  streams_.erase(found);
}

void Http2Session::reset(std::int32_t id) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
}

void Http2Session::progress(std::int32_t id) {
  Stream* stream = find(id);
  if (stream == nullptr || !stream->answer) return;
  for (const http::ResponseHead& interim : std::exchange(stream->answer->interims, {})) {
    if (!stream->submitted) submit_interim(id, interim);
  }
  if (!stream->answer->head) return;
  if (!stream->submitted)
    submit_head(id, *stream);
  else
    nghttp2_session_resume_data(session_, id);
}

void Http2Session::submit_interim(std::int32_t id, const http::ResponseHead& head) {
  FieldList fields;
  fields.add(":status", std::to_string(head.status));
  for (const http::Header& field : head.headers) fields.add(field.name, field.value);
  const auto lines = fields.lines();
  nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, id, nullptr, lines.data(), lines.size(),
                         nullptr);
}

void Http2Session::submit_head(std::int32_t id, Stream& stream) {
  const Answer& answer = *stream.answer;
  FieldList fields;
  fields.add(":status", std::to_string(answer.head->status));
  for (const http::Header& field : answer.head->headers) fields.add(field.name, field.value);
  if (answer.length) fields.add("content-length", std::to_string(*answer.length));
  const auto lines = fields.lines();
  nghttp2_data_provider provider{.source = {.ptr = nullptr}, .read_callback = Callbacks::read_body};
  stream.submitted = true;
  if (nghttp2_submit_response(session_, id, lines.data(), lines.size(),
                              answer.bodiless ? nullptr : &provider) != 0) {
    reset(id);
  }
}

void Http2Session::fill(std::string& out, std::size_t want) {
  for (const std::int32_t id : std::exchange(changed_, {})) progress(id);
  while (out.size() < want) {
    const std::uint8_t* bytes = nullptr;
    const auto count = nghttp2_session_mem_send(session_, &bytes);
    if (count <= 0) {
      if (count < 0) over_ = true;
      break;
    }
    out.append(text_of(bytes, static_cast<std::size_t>(count)));
  }
  if (nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0)
    over_ = true;
}

}  // namespace wm::proxy

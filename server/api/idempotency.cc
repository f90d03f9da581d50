#include "server/api/idempotency.h"

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/digest.h"
#include "core/base/log.h"
#include "indexer/store/coding.h"
#include "server/http/status.h"

namespace wm::api {

using nlohmann::json;
using server::Request;
using server::Response;
using store::Batch;
using store::Family;

namespace {

constexpr std::size_t kKeyBytes = 255;
constexpr std::size_t kBodyBytes = 1 << 20;  // of an answer that is kept
constexpr std::chrono::hours kLife{24};

// Keys of the meta family: this and SHA-256 of address and key → what was answered; with the time before → that key, to find what is old.
constexpr std::string_view kKept = "idempotency/key/";
constexpr std::string_view kByTime = "idempotency/time/";

std::string time_key(SysMicros at, std::string_view name) {
  std::string key(kByTime);
  store::put_big_endian(key, static_cast<std::uint64_t>(at.time_since_epoch().count()), 8);
  return key.append(name);
}

Response again(const json& kept) {
  Response response = Response::json(kept.value("status", 200), kept.value("body", ""));
  if (const std::string location = kept.value("location", ""); !location.empty()) response.headers.set("Location", location);
  if (const std::string etag = kept.value("etag", ""); !etag.empty()) response.headers.set("ETag", etag);
  response.headers.set("Idempotency-Replayed", "true");
  return response;
}

}  // namespace

Response IdempotencyKeys::answer(const Request& request, const std::function<Response()>& handler) {
  const auto key = request.header("Idempotency-Key");
  if (!key) return handler();
  if (trim(*key).empty() || key->size() > kKeyBytes) return server::error_response(400, "invalid", "Idempotency-Key must have 1 to 255 characters.");
  // Each caller has keys of its own.
  std::string told = request.head.target + '\n' + std::string(trim(*key));
  for (const char* who : {"Authorization", "Cookie"}) told += '\n' + std::string(request.header(who).value_or(""));
  const std::string name = sha256_hex(told);
  const std::string fingerprint = sha256_hex(request.body);
  {
    MutexLock lock(mutex_);
    if (!at_work_.insert(name).second) return server::error_response(409, "conflict", "The first request with this Idempotency-Key is still at work.");
  }
  const auto done = [this, &name] {
    MutexLock lock(mutex_);
    at_work_.erase(name);
  };
  const auto stored = store_.get(Family::kMeta, std::string(kKept) + name);
  const json kept = stored && *stored ? json::parse(**stored, nullptr, false) : json();
  if (kept.is_object()) {
    done();
    if (kept.value("request", "") != fingerprint) return server::error_response(422, "conflict", "This Idempotency-Key came with another body before.");
    return again(kept);
  }
  try {
    Response response = handler();
    if (response.status < 300 && !response.stream && response.body.size() <= kBodyBytes) {
      if (const auto written = keep(name, fingerprint, response); !written) log::error("an Idempotency-Key is not kept: {}", written.error().what);
    }
    done();
    return response;
  } catch (...) {  // goes on to the request's own catch
    done();
    throw;
  }
}

Result<> IdempotencyKeys::keep(const std::string& name, const std::string& fingerprint, const Response& response) {
  const json value = {{"request", fingerprint},
                      {"status", response.status},
                      {"body", response.body},
                      {"location", std::string(response.headers.find("Location").value_or(""))},
                      {"etag", std::string(response.headers.find("ETag").value_or(""))}};
  const SysMicros now = now_micros();
  Batch batch;
  batch.put(Family::kMeta, std::string(kKept) + name, value.dump(-1, ' ', false, json::error_handler_t::replace));
  batch.put(Family::kMeta, time_key(now, name), {});
  WM_TRY(store_.write(std::move(batch)));
  return forget_old(now, 10);
}

Result<> IdempotencyKeys::forget_old(SysMicros now, std::size_t most) {
  Batch batch;
  auto cursor = store_.cursor(Family::kMeta);
  const std::string end = time_key(now - kLife, "");
  for (cursor.seek(kByTime); cursor.valid() && cursor.key().starts_with(kByTime) && cursor.key() < end && most > 0; cursor.next(), --most) {
    batch.erase(Family::kMeta, std::string(kKept) + std::string(cursor.key().substr(kByTime.size() + 8)));
    batch.erase(Family::kMeta, cursor.key());
  }
  WM_TRY(cursor.status());
  if (batch.size() == 0) return {};
  return store_.write(std::move(batch), store::Store::Sync::kNo);
}

}  // namespace wm::api

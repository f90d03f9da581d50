#include "archiver/proxy/answer_internal.h"

namespace wm::proxy {

void refuse(Answer& answer, int status, std::string_view words) {
  const std::string text = "Waymark: " + std::string(words) + "\n";
  answer.head = http::ResponseHead{
      .status = status,
      .reason = std::string(http::reason_phrase(status)),
      .headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}}};
  answer.bodiless = status == 204;
  answer.body = fetch::Spool::holding(answer.bodiless ? std::string() : text);
  answer.length.reset();
  if (!answer.bodiless) answer.length = text.size();
  answer.state = Answer::Body::kWhole;
}

std::shared_ptr<Answer> refusal(int status, std::string_view words) {
  auto answer = std::make_shared<Answer>();
  refuse(*answer, status, words);
  return answer;
}

}  // namespace wm::proxy

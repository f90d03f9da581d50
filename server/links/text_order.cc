#include "server/links/text_order.h"

#include <unicode/coll.h>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/ucol.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <memory>

#include "core/base/mutex.h"
#include "core/base/result.h"

namespace wm::links {

namespace {

constexpr std::size_t kOrderBytes = 64;
constexpr std::size_t kOrderedBytes = 400;  // of a text: more never reaches the key
constexpr std::size_t kLatinBytes = 800;

icu::UnicodeString wide(std::string_view utf8) { return icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))); }

std::string narrow(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

std::string normalized(const icu::Normalizer2* form, std::string_view utf8) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString in = wide(utf8);
  const icu::UnicodeString out = form->normalize(in, error);
  return narrow(U_SUCCESS(error) ? out : in);
}

/// At a character's start.
std::string_view cut(std::string_view utf8, std::size_t most) {
  if (utf8.size() <= most) return utf8;
  while (most > 0 && (static_cast<unsigned char>(utf8[most]) & 0xc0) == 0x80) --most;
  return utf8.substr(0, most);
}

/// ICU's data is of one version in one Debian: what is stored sorts alike until the data folder moves to another, and then only mixes old and new.
const icu::Collator& collator() {
  static const std::unique_ptr<icu::Collator> made = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Collator> one(icu::Collator::createInstance(icu::Locale("zh@collation=pinyin"), error));
    WM_CHECK(U_SUCCESS(error));
    one->setAttribute(UCOL_NUMERIC_COLLATION, UCOL_ON, error);
    // Chinese readers' own order has Han before Latin; here Latin comes first, as everywhere.
    const std::int32_t scripts[] = {UCOL_REORDER_CODE_OTHERS, USCRIPT_HAN};
    one->setReorderCodes(scripts, 2, error);
    WM_CHECK(U_SUCCESS(error));
    return one;
  }();
  return *made;
}

struct Transliterator {
  Mutex mutex;  // one at a time: it keeps state while it works
  std::unique_ptr<icu::Transliterator> icu WM_GUARDED_BY(mutex);
};

Transliterator& transliterator() {
  static Transliterator one;
  MutexLock lock(one.mutex);
  if (!one.icu) {
    UErrorCode error = U_ZERO_ERROR;
    one.icu.reset(icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error));
    WM_CHECK(U_SUCCESS(error) && one.icu);
  }
  return one;
}

}  // namespace

std::string nfc(std::string_view utf8) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(error);
  WM_CHECK(U_SUCCESS(error));
  return normalized(form, utf8);
}

std::string folded(std::string_view utf8) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(error);
  WM_CHECK(U_SUCCESS(error));
  return normalized(form, utf8);
}

std::string order_key(std::string_view utf8) {
  const icu::UnicodeString text = wide(cut(utf8, kOrderedBytes));
  std::string key(kOrderBytes, '\0');
  const auto length = collator().getSortKey(text, reinterpret_cast<std::uint8_t*>(key.data()), static_cast<std::int32_t>(key.size()));
  key.resize(std::min(kOrderBytes, static_cast<std::size_t>(std::max(length, std::int32_t{0}))));
  while (!key.empty() && key.back() == '\0') key.pop_back();
  key.resize(std::min(key.size(), kOrderBytes - 1));
  key.push_back('\0');
  return key;
}

std::string in_latin(std::string_view utf8) {
  icu::UnicodeString text = wide(cut(utf8, kLatinBytes));
  Transliterator& one = transliterator();
  MutexLock lock(one.mutex);
  one.icu->transliterate(text);
  return narrow(text);
}

}  // namespace wm::links

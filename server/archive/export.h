#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/source.h"
#include "server/archive/selection.h"

namespace wm::archive {

enum class Format { kWarc, kWacz, kCdxj, kCdx11 };
/// kInvalid for a word that is none of "warc", "wacz", "cdxj", "cdx11".
Result<Format> format_of(std::string_view word);
std::string_view media_type_of(Format format) noexcept;
/// ".warc.gz", ".wacz", ".cdxj", ".cdx"
std::string_view suffix_of(Format format) noexcept;

struct ExportRequest {
  Selection selection;
  Format format = Format::kWarc;
  std::string file_name = "export.warc.gz";  ///< what the file will be called: a WARC names itself
  std::string title{};                       ///< of a WACZ
  enum class Sign { kNo, kYes } sign = Sign::kNo;  ///< a WACZ, with the key of this archive
};

/// Exports parts of the archive as streams of bounded memory: what is sorted on the way spills into temporary files. From many threads; what
/// was opened is read by one. docs/formats/export.md.
class Exporter {
 public:
  /// `signing_key`: a file, made when it is first needed.
  Exporter(Holdings holdings, std::filesystem::path signing_key) : holdings_(std::move(holdings)), signing_key_(std::move(signing_key)) {}
  /// kNotFound when there is nothing to export. The Source fails for I/O only; records that cannot be read are logged and left out.
  Result<std::unique_ptr<Source>> open(const ExportRequest& request) const;

 private:
  Holdings holdings_;
  std::filesystem::path signing_key_;
};

}  // namespace wm::archive

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
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

/// What is asked for in words, as the API, jobs and the command line have it.
struct ExportWish {
  std::optional<std::string> query{};       ///< exactly one of these three
  std::optional<std::uint64_t> link{};
  std::optional<std::string> collection{};
  std::string format = "warc";
  std::string name = "waymark";             ///< of the file, with its suffix or without
  std::string title{};
  bool sign = false;
};

struct ExportRequest {
  Selection selection;
  Format format = Format::kWarc;
  std::string file_name = "export.warc.gz";  ///< what the file will be called: a WARC names itself
  std::string title{};                       ///< of a WACZ
  enum class Sign { kNo, kYes } sign = Sign::kNo;  ///< a WACZ, with the key of this archive
};

/// kInvalid for an unknown format, or for none or several things to export. The file's name can be one anywhere.
Result<ExportRequest> request_of(const ExportWish& wish);

/// Exports parts of the archive as streams of bounded memory: what is sorted on the way spills into temporary files. From many threads; what
/// was opened is read by one. docs/formats/export.md.
class Exporter {
 public:
  /// `signing_key`: a file, made when it is first needed. `zipnum_above`: captures of a WACZ above which its index is written as ZipNum.
  Exporter(Holdings holdings, std::filesystem::path signing_key, std::uint64_t zipnum_above = 20'000)
      : holdings_(std::move(holdings)), signing_key_(std::move(signing_key)), zipnum_above_(zipnum_above) {}
  /// kNotFound when there is nothing to export. The Source fails for I/O only; records that cannot be read are logged and left out.
  Result<std::unique_ptr<Source>> open(const ExportRequest& request) const;

 private:
  Holdings holdings_;
  std::filesystem::path signing_key_;
  std::uint64_t zipnum_above_;
};

}  // namespace wm::archive

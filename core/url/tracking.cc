#include "core/url/tracking.h"

#include <algorithm>

#include "core/base/ascii.h"
#include "core/base/digest.h"

namespace wm::url {
namespace {

bool is_of(std::string_view host, std::string_view domain) {
  return host == domain || (host.size() > domain.size() && host.ends_with(domain) &&
                            host[host.size() - domain.size() - 1] == '.');
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const Tracking& Tracking::usual() {
  static const Tracking kUsual{
      .prefixes = {"utm_", "mtm_", "pk_", "hsa_"},
      .names = {"__hsfp", "__hssc", "__hstc", "__s", "__twitter_impression", "_bta_c", "_bta_tid",
                "_ga", "_gl", "_hsenc", "_hsmi", "_kx", "_openstat", "dclid", "epik",
                "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid",
                "gad_campaignid", "gad_source", "gbraid", "gclid", "gclsrc", "guccounter",
                "guce_referrer", "guce_referrer_sig", "hsctatracking", "igsh", "igshid",
                "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber", "ml_subscriber_hash",
                "msclkid", "oly_anon_id", "oly_enc_id", "rb_clickid", "s_cid", "spm",
                "spm_id_from", "srsltid", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid",
                "wickedid", "yclid", "ysclid"},
      .hosts = {{"bilibili.com", {"from_source", "share_medium", "share_source", "vd_source"}},
                {"twitter.com", {"ref_src", "ref_url", "s", "t"}},
                {"x.com", {"ref_src", "ref_url", "s", "t"}},
                {"youtu.be", {"feature", "si"}},
                {"youtube.com", {"feature", "pp", "si"}}}};
  return kUsual;
}

bool Tracking::matches(std::string_view argument, std::string_view host) const {
  const std::string name = to_lower(argument.substr(0, argument.find('=')));
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); }) ||
         contains(names, name) || std::any_of(hosts.begin(), hosts.end(), [&](const OfHost& one) {
           return is_of(host, one.host) && contains(one.names, name);
         });
}

std::string Tracking::fingerprint() const {
  std::string all;
  for (const std::string& one : prefixes) all += "p" + one + '\0';
  for (const std::string& one : names) all += "n" + one + '\0';
  for (const OfHost& one : hosts) {
    all += "h" + one.host + '\0';
    for (const std::string& name : one.names) all += "n" + name + '\0';
  }
  return sha256_hex(all).substr(0, 16);
}

}  // namespace wm::url

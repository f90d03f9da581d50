#pragma once

#include <curl/curl.h>

#include <memory>

namespace wm::fetch {

template <auto Free>
struct FreeBy {
  template <class T>
  void operator()(T* pointer) const noexcept {
    Free(pointer);
  }
};
using CurlEasy = std::unique_ptr<CURL, FreeBy<curl_easy_cleanup>>;
using CurlMulti = std::unique_ptr<CURLM, FreeBy<curl_multi_cleanup>>;
using CurlShare = std::unique_ptr<CURLSH, FreeBy<curl_share_cleanup>>;
using CurlList = std::unique_ptr<curl_slist, FreeBy<curl_slist_free_all>>;

}  // namespace wm::fetch

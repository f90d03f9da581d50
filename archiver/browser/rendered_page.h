#pragma once

#include <string>
#include <vector>

namespace wm::browser {

/// What a browser made of a page.
struct RenderedPage {
  std::string url;  ///< of the document shown, without fragment; "" if none ever was
  std::string title;
  bool document = false;  ///< false: the answer was no page but a download, or nothing
  std::string text;       ///< as shown, shadow trees and frames included; UTF-8, a line a block
  std::string dom;        ///< the final tree as HTML
  std::string view;       ///< PNG of what the window shows
  std::string full_page;  ///< PNG of all of it; "" where that is the same
  std::string thumbnail;  ///< JPEG, 640 wide
  std::string mime;       ///< of the document shown, as the browser sees it
  std::vector<std::string> notes;  ///< what was cut short, and why
  bool out_of_time = false;        ///< the end of the page was not reached within the budget
  bool anomaly = false;            ///< the browser should be renewed
};

}  // namespace wm::browser

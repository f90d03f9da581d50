#include "core/html/url_attributes.h"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>

#include "tests/support/test_support.h"

namespace wm::html {
namespace {

std::string name_of(UrlRole role) {
  static const std::map<UrlRole, std::string> kNames = {{UrlRole::kNavigation, "navigation"},
                                                        {UrlRole::kDocument, "document"},
                                                        {UrlRole::kFrame, "frame"},
                                                        {UrlRole::kStyle, "style"},
                                                        {UrlRole::kScript, "script"},
                                                        {UrlRole::kModule, "module"},
                                                        {UrlRole::kImage, "image"},
                                                        {UrlRole::kIcon, "icon"},
                                                        {UrlRole::kFont, "font"},
                                                        {UrlRole::kMedia, "media"},
                                                        {UrlRole::kObject, "object"},
                                                        {UrlRole::kManifest, "manifest"},
                                                        {UrlRole::kFetch, "fetch"},
                                                        {UrlRole::kFeed, "feed"},
                                                        {UrlRole::kCanonical, "canonical"},
                                                        {UrlRole::kHint, "hint"},
                                                        {UrlRole::kPrefetch, "prefetch"},
                                                        {UrlRole::kMetaImage, "meta-image"},
                                                        {UrlRole::kRefresh, "refresh"},
                                                        {UrlRole::kBase, "base"},
                                                        {UrlRole::kCite, "cite"},
                                                        {UrlRole::kLazy, "lazy"}};
  return kNames.at(role);
}

std::string suffix_of(UrlAttribute::Syntax syntax) {
  using Syntax = UrlAttribute::Syntax;
  switch (syntax) {
    case Syntax::kUrl:
      return "";
    case Syntax::kSrcset:
      return "(srcset)";
    case Syntax::kRefresh:
      return "(refresh)";
    case Syntax::kUrlList:
      return "(list)";
    case Syntax::kCss:
      return "(css)";
    case Syntax::kHtml:
      return "(html)";
    case Syntax::kContent:
      return "(content)";
  }
  return "?";
}

/// "name:role(syntax)" of every URL attribute of the last tag.
std::string uses_of(std::string_view markup) {
  struct Sink final : TokenSink {
    std::string uses;
    void on_token(const Token& token) override {
      if (token.kind != TokenKind::kStartTag) return;
      uses.clear();
      for (const UrlAttribute& found : url_attributes(token)) {
        uses += (uses.empty() ? "" : " ") + std::string(token.attributes->at(found.index).name) +
                ":" + name_of(found.role) + suffix_of(found.syntax);
      }
    }
  } sink;
  const wm::test::ExactCopy copy(markup);
  tokenize(copy.view(), sink);
  return sink.uses;
}

struct Row {
  std::string_view markup, uses;
};
std::ostream& operator<<(std::ostream& out, const Row& row) {
  return out << row.markup;
}

const Row kRows[] = {
    // what the reader follows
    {"<a href=x ping='p q'>", "href:navigation ping:cite(list)"},
    {"<A HREF=x>", "HREF:navigation"},
    {"<area href=x ping=p>", "href:navigation ping:cite(list)"},
    {"<form action=x>", "action:navigation"},
    {"<button formaction=x>", "formaction:navigation"},
    {"<input type=submit formaction=x>", "formaction:navigation"},
    {"<base href=x>", "href:base"},
    {"<base href=''>", "href:base"},
    {"<a href=''>", ""},
    {"<a href>", ""},
    {"<x-link href=x>", "href:navigation"},
    // link
    {"<link rel=stylesheet href=x>", "href:style"},
    {"<link rel='alternate stylesheet' href=x>", "href:style"},
    {"<link href=x rel='preload stylesheet' as=style>", "href:style"},
    {"<link rel=StyleSheet href=x>", "href:style"},
    {"<link rel=icon href=x>", "href:icon"},
    {"<link rel='shortcut icon' href=x>", "href:icon"},
    {"<link rel='SHORTCUT\nICON' href=x>", "href:icon"},
    {"<link rel=apple-touch-icon href=x>", "href:icon"},
    {"<link rel=apple-touch-icon-precomposed href=x>", "href:icon"},
    {"<link rel=apple-touch-startup-image href=x>", "href:icon"},
    {"<link rel=mask-icon href=x>", "href:icon"},
    {"<link rel=image_src href=x>", "href:meta-image"},
    {"<link rel=manifest href=x>", "href:manifest"},
    {"<link rel=preload as=script href=x>", "href:script"},
    {"<link rel=preload as=worker href=x>", "href:script"},
    {"<link rel=preload as=style href=x>", "href:style"},
    {"<link rel=preload as=image href=x imagesrcset='a 1x'>",
     "href:image imagesrcset:image(srcset)"},
    {"<link rel=preload as=image imagesrcset='a 1x'>", "imagesrcset:image(srcset)"},
    {"<link rel=preload as=font href=x>", "href:font"},
    {"<link rel=preload as=video href=x>", "href:media"},
    {"<link rel=preload as=audio href=x>", "href:media"},
    {"<link rel=preload as=track href=x>", "href:media"},
    {"<link rel=preload as=document href=x>", "href:document"},
    {"<link rel=preload as=object href=x>", "href:object"},
    {"<link rel=preload as=embed href=x>", "href:object"},
    {"<link rel=preload as=fetch href=x>", "href:fetch"},
    {"<link rel=preload as=other href=x>", "href:fetch"},
    {"<link rel=preload href=x>", "href:fetch"},
    {"<link rel=modulepreload href=x>", "href:module"},
    {"<link rel=modulepreload as=script href=x>", "href:module"},
    {"<link rel=modulepreload as=style href=x>", "href:style"},
    {"<link rel=prefetch href=x>", "href:prefetch"},
    {"<link rel=prerender href=x>", "href:prefetch"},
    {"<link rel=canonical href=x>", "href:canonical"},
    {"<link rel=alternate type=application/rss+xml href=x>", "href:feed"},
    {"<link rel=alternate type='application/atom+xml; charset=utf-8' href=x>", "href:feed"},
    {"<link rel=alternate hreflang=de href=x>", "href:navigation"},
    {"<link rel='preconnect dns-prefetch' href=x>", "href:hint"},
    {"<link rel=dns-prefetch href=x>", "href:hint"},
    {"<link rel=import href=x>", "href:document"},
    {"<link rel=next href=x>", "href:navigation"},
    {"<link rel=amphtml href=x>", "href:navigation"},
    {"<link rel=search href=x>", "href:cite"},
    {"<link rel=EditURI href=x>", "href:cite"},
    {"<link rel=pingback href=x>", "href:cite"},
    {"<link rel=unheard-of href=x>", "href:cite"},
    {"<link itemprop=thumbnailUrl href=x>", "href:meta-image"},
    {"<link href=x>", "href:cite"},
    // scripts
    {"<script src=x>", "src:script"},
    {"<script src=x type=' Module '>", "src:module"},
    {"<script src=x type=text/javascript>", "src:script"},
    {"<svg><script href=x xlink:href=y>", "href:script xlink:href:script"},
    // images
    {"<img src=x srcset='a 1x' lowsrc=l dynsrc=d longdesc=e>",
     "src:image srcset:image(srcset) lowsrc:image dynsrc:media longdesc:cite"},
    {"<image src=x xlink:href=y>", "src:image xlink:href:image"},
    {"<input type=image src=x>", "src:image"},
    {"<input type=text src=x>", ""},
    {"<svg><image href=x XLink:Href=y>", "href:image XLink:Href:image"},
    {"<svg><use href=x#y>", "href:image"},
    {"<svg><use xlink:href=#y>", ""},
    {"<svg><feImage href=x>", "href:image"},
    {"<svg><linearGradient xlink:href=x#y>", "xlink:href:image"},
    {"<svg><linearGradient xlink:href=#y>", ""},
    {"<svg><a xlink:href=x>", "xlink:href:navigation"},
    {"<svg><font-face-uri xlink:href=x>", "xlink:href:font"},
    {"<svg><path fill='url(x#y)' clip-path='url(#z)' marker-end=\"url('m.svg#a')\">",
     "fill:image(css) marker-end:image(css)"},
    {"<path fill='url(x#y)'>", ""},
    {"<math altimg=x>", "altimg:image"},
    {"<body background=x>", "background:image"},
    {"<table background=x>", "background:image"},
    {"<tr background=x>", "background:image"},
    {"<td background=x>", "background:image"},
    {"<th BACKGROUND=x>", "BACKGROUND:image"},
    {"<section background=dark>", ""},
    {"<picture><source srcset='a, b 2x' src=x>", "srcset:image(srcset) src:media"},
    {"<amp-img src=x srcset=y>", "src:image srcset:image(srcset)"},
    // media and plug-ins
    {"<video src=x poster=y>", "src:media poster:image"},
    {"<audio src=x>", "src:media"},
    {"<track src=x>", "src:media"},
    {"<bgsound src=x>", "src:media"},
    {"<embed src=x>", "src:object"},
    {"<object data=x codebase=c archive='a b'>",
     "data:object codebase:object archive:object(list)"},
    {"<applet codebase=c archive=a.jar>", "codebase:object archive:object(list)"},
    {"<param name=movie value=x.swf>", "value:object"},
    {"<param name=quality value=high.quality>", ""},
    {"<param name=any value=http://a.example/x>", "value:object"},
    {"<param name=movie value=true>", ""},
    // frames
    {"<iframe src=x srcdoc='<p>' longdesc=l>", "src:document srcdoc:document(html) longdesc:cite"},
    {"<frame src=x longdesc=l>", "src:frame longdesc:cite"},
    {"<layer src=x background=y>", "src:document background:image"},
    // meta
    {"<meta http-equiv=Refresh content='0;url=x'>", "content:refresh(refresh)"},
    {"<meta property=og:image content=/x.png>", "content:meta-image(content)"},
    {"<meta property=og:image:secure_url content=https://a.example/x>",
     "content:meta-image(content)"},
    {"<meta name=twitter:image content=//a.example/x.png>", "content:meta-image(content)"},
    {"<meta itemprop=image content=/x.png>", "content:meta-image(content)"},
    {"<meta name=msapplication-TileImage content=x.png>", "content:meta-image(content)"},
    {"<meta name=msapplication-square70x70logo content=x.png>", "content:meta-image(content)"},
    {"<meta name=msapplication-config content=/browserconfig.xml>", "content:fetch(content)"},
    {"<meta name=msapplication-config content=none>", ""},
    {"<meta name=msapplication-starturl content=/start>", "content:navigation(content)"},
    {"<meta property=og:video content=https://a.example/v>", "content:cite(content)"},
    {"<meta property=og:url content=https://a.example/v>", "content:cite(content)"},
    {"<meta name=description content='See http://a.example/ for more'>", ""},
    {"<meta name=description content=words>", ""},
    {"<meta charset=utf-8>", ""},
    // told only
    {"<blockquote cite=x>", "cite:cite"},
    {"<q cite=x>", "cite:cite"},
    {"<ins cite=x>", "cite:cite"},
    {"<del cite=x>", "cite:cite"},
    {"<head profile=x>", "profile:cite"},
    {"<html manifest=x>", "manifest:fetch"},
    {"<command icon=x>", "icon:image"},
    // style
    {"<p style='background:url(x)'>", "style:image(css)"},
    {"<p style='background:url&#40;x)'>", "style:image(css)"},
    {"<p style='color:red'>", ""},
    // lazy loading
    {"<img data-src=a/b.png data-srcset='a.png 1x' data-sizes=auto>",
     "data-src:lazy data-srcset:lazy(srcset)"},
    {"<img data-lazy-src=/x data-original=b.jpg>", "data-lazy-src:lazy data-original:lazy"},
    {"<div data-bg=\"url('x.png')\">", "data-bg:lazy(css)"},
    {"<div data-bg=x.png data-background-image=/y data-bgset='a.png 1x, b.png 2x'>",
     "data-bg:lazy data-background-image:lazy data-bgset:lazy(srcset)"},
    {"<div data-anything=https://a.example/x data-other=/x data-count=1.5>", "data-anything:lazy"},
    {"<div data-src={{url}} data-image=logo data-original='a b.c' data-bg=#fff data-src2=data:x/y>",
     ""},
    {"<div data-a-very-long-name-of-an-attribute=http://a.example/>",
     "data-a-very-long-name-of-an-attribute:lazy"},
    {"<img file=a/b.jpg zoomfile=a/c.jpg>", "file:lazy zoomfile:lazy"},
    {"<x-player src=a/b.mp4 poster=c.png>", "src:lazy poster:lazy"},
    {"<x-player src=on>", ""},
    // none
    {"<div id=http://a.example/ class=x title='http://a.example/' alt=/x>", ""},
    {"<p>", ""},
};

}  // namespace

BOOST_DATA_TEST_CASE(each_attribute_that_holds_a_url_is_told_with_its_role,
                     boost::unit_test::data::make(kRows), row) {
  BOOST_TEST(uses_of(row.markup) == row.uses);
}

BOOST_AUTO_TEST_CASE(an_end_tag_and_a_tag_without_attributes_hold_none) {
  BOOST_TEST(url_attributes(Token{.kind = TokenKind::kEndTag, .raw = "</a>"}).empty());
}

}  // namespace wm::html

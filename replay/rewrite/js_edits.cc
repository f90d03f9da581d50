#include "replay/rewrite/js_edits.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "core/base/ascii.h"
#include "replay/rewrite/js_names.h"
#include "replay/rewrite/js_script.h"

namespace wm::rewrite {
namespace {

constexpr std::string_view kHoisted = "_____WB$hoisted_";
constexpr std::string_view kCheckThis = "_____WB$wombat$check$this$function_____(this)";
constexpr std::string_view kCheckLocation =
    " ((self.__WB_check_loc && self.__WB_check_loc(location, arguments)) || {}).href =";
constexpr std::string_view kCheckLocationInModule =
    " ((self.__WB_check_loc && self.__WB_check_loc(location)) || {}).href =";
constexpr std::string_view kEval =
    "WB_wombat_runEval2((_______eval_arg, isGlobal) => { var ge = eval; return isGlobal ? "
    "ge(_______eval_arg) : "
    "eval(_______eval_arg); }).eval(this, (function() { return arguments })(),";
constexpr std::string_view kAssign =
    "var _____WB$wombat$assign$function_____ = function(name) {return (self._wb_wombat && "
    "self._wb_wombat.local_init && "
    "self._wb_wombat.local_init(name)) || self[name]; }; if (!self.__WB_pmw) { self.__WB_pmw = "
    "function(obj) { "
    "this.__WB_source = obj; return this; } } ";

class Editor : private JsScript {
 public:
  Editor(std::string_view source, ScriptKind kind, const UrlRewriter& urls)
      : JsScript(source), kind_(kind), urls_(urls) {}

  JsEdits run() {
    JsEdits result;
    const bool module = is_module();
    if (!read(module ? JsGoal::kModule : JsGoal::kScript)) return result;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (kind_ == ScriptKind::kImportMap) {
        if (is(i, JsKind::kString)) specifier(i);  // keys and values alike
      } else {
        look_at(i);
      }
    }
    std::ranges::stable_sort(edits_, {}, &Edit::begin);
    result.edits = std::move(edits_);
    if (is_attribute()) {
      wrap_attribute(result);
    } else if (kind_ != ScriptKind::kImportMap) {
      wrap(result);
    }
    return result;
  }

 private:
  bool is_module() const {
    return kind_ == ScriptKind::kModule || kind_ == ScriptKind::kWorkerModule;
  }
  bool is_attribute() const { return kind_ == ScriptKind::kHandler || kind_ == ScriptKind::kUrl; }
  bool is_worker() const {
    return kind_ == ScriptKind::kWorker || kind_ == ScriptKind::kWorkerModule;
  }

  void insert(std::size_t at, std::string_view fresh) {
    edits_.push_back({at, at, std::string(fresh)});
  }
  void replace(std::size_t token, std::string_view fresh) {
    edits_.push_back({tokens_[token].begin, tokens_[token].end, std::string(fresh)});
  }

  void look_at(std::size_t i) {
    if (tokens_[i].kind != JsKind::kIdentifier) return;
    const auto word = text(i);
    switch (word.size()) {
      case 3:
        if (word == "top") return global(i, word);
        if (word == "let" || word == "var") declaration(i, word);
        return;
      case 4:
        if (word == "this") return this_value(i);
        if (word == "self") return global(i, word);
        if (word == "eval") eval_call(i);
        return;
      case 5:
        if (word == "const") return declaration(i, word);
        if (word == "class") class_declaration(i);
        return;
      case 6:
        if (word == "import") return import(i);
        if (word == "export" && is_module()) return export_from(i);
        [[fallthrough]];
      case 8:
        if (word == "function") return function_declaration(i);
        if (word == "location") return location(i);
        [[fallthrough]];
      case 10:
        return global(i, word);
      case 11:
        if (word == "postMessage" && is_property(i) && text(i + 1) == "(")
          insert(tokens_[i].begin, "__WB_pmw(self).");
        return;
      default:
        return;
    }
  }

  void global(std::size_t i, std::string_view word) {
    if (is_property(i)) return;
    const auto found = std::ranges::find(kGlobals, word);
    if (found == kGlobals.end()) return;
    if (text(i + 1) == ":" && is_object_key(i)) return;
    used_ = true;
    named_.set(static_cast<std::size_t>(found - kGlobals.begin()));
  }

  bool is_object_key(std::size_t i) const { return before(i) == "{" || before(i) == ","; }

  void shadow(std::string_view name) {
    const auto found = std::ranges::find(kGlobals, name);
    if (found != kGlobals.end()) shadowed_.set(static_cast<std::size_t>(found - kGlobals.begin()));
  }

  void location(std::size_t i) {
    global(i, "location");
    if (is_property(i) || text(i + 1) != "=") return;
    const auto last = before(i);
    if (last == "var" || last == "let" || last == "const") return;
    // A name in a list of declarations, or a parameter with a default.
    if (last == "," && in_declaration_ != 0 && i <= in_declaration_) return;
    insert(tokens_[i + 1].end, is_module() ? kCheckLocationInModule : kCheckLocation);
  }

  /// `this` where its value is handed on, which would be the bare window outside of methods.
  void this_value(std::size_t i) {
    if (is_property(i)) return;
    const auto last = before(i);
    const auto next = text(i + 1);
    if (next == ".") {
      if (is_one_of(text(i + 2), kGlobals) && last != "new") replace(i, kCheckThis);
      return;
    }
    constexpr std::array<std::string_view, 12> kBefore = {"return", "=", ",", "(",  "||", "&&",
                                                          "??",     "?", ":", "=>", "[",  ""};
    constexpr std::array<std::string_view, 11> kAfter = {")",  ",",  ";", "]", "}", "||",
                                                         "&&", "??", "?", ":", ""};
    if (!is_one_of(last, kBefore)) return;
    if (!is_one_of(next, kAfter) && !(i + 1 < tokens_.size() && tokens_[i + 1].line_before)) return;
    // `f.call(this)`: the function looks at its own `this`.
    if (last == "(" && i >= 3 && is_property(i - 2) &&
        (text(i - 2) == "call" || text(i - 2) == "apply" || text(i - 2) == "bind")) {
      return;
    }
    if (next == ":" && is_object_key(i)) return;
    replace(i, kCheckThis);
  }

  void eval_call(std::size_t i) {
    if (is_property(i) || text(i + 1) != "(" || before(i) == "function") return;
    const std::size_t close = tokens_[i + 1].match;
    if (text(close + 1) == "{") return;  // a method of that name
    edits_.push_back({tokens_[i].begin, tokens_[i + 1].end, std::string(kEval)});
    used_ = true;
  }

  void declaration(std::size_t i, std::string_view word) {
    if (is_property(i)) return;
    const auto next = text(i + 1);
    if (!is(i + 1, JsKind::kIdentifier) && next != "[" && next != "{") return;
    if (next == "in" || next == "of" || next == "instanceof") return;
    const bool lexical = word != "var";
    if (tokens_[i].functions != 0 || (lexical && !tokens_[i].top_level)) return;
    if (lexical && !begins_statement(i)) return;
    names_.clear();
    const std::size_t end = bound_names(i + 1, names_);
    in_declaration_ = end;
    for (const auto name : names_) shadow(name);
    if (!lexical) variables_.insert(variables_.end(), names_.begin(), names_.end());
    if (!lexical || is_module() || is_attribute()) return;
    const bool keeps = std::ranges::any_of(names_, [](std::string_view name) {
      return is_one_of(name, kGlobals) || std::ranges::binary_search(kWindowNames, name);
    });
    // Inside the block that the script is wrapped in, only a var is seen by the other scripts of
    // the page.
    if (!keeps) lexical_.push_back({tokens_[i].begin, tokens_[i].end, "var"});
  }

  void class_declaration(std::size_t i) {
    if (is_property(i) || !tokens_[i].top_level || !begins_statement(i) ||
        !is(i + 1, JsKind::kIdentifier))
      return;
    const auto name = text(i + 1);
    if (name == "extends") return;
    shadow(name);
    if (is_module() || is_attribute() || is_one_of(name, kGlobals) ||
        std::ranges::binary_search(kWindowNames, name)) {
      return;
    }
    for (std::size_t k = i + 2; k < tokens_.size(); ++k) {
      const auto word = text(k);
      if (word == "class" && tokens_[k].line_before) return;  // that one is looked at by itself
      if (word == "(" || word == "[") k = tokens_[k].match;
      if (word != "{" || tokens_[k].kind != JsKind::kPunctuator) continue;
      const std::size_t end = tokens_[tokens_[k].match].end;
      lexical_.push_back({tokens_[i].begin, tokens_[i].begin, "var " + std::string(name) + " = "});
      lexical_.push_back({end, end, ";"});
      return;
    }
  }

  void function_declaration(std::size_t i) {
    if (is_property(i) || !tokens_[i].top_level) return;
    const std::size_t name = text(i + 1) == "*" ? i + 2 : i + 1;
    const bool async = before(i) == "async" && !tokens_[i].line_before;
    if (!begins_statement(async ? i - 1 : i) || !is(name, JsKind::kIdentifier)) return;
    shadow(text(name));
    if (!is_one_of(text(name), kGlobals)) functions_.push_back(name);
  }

  void import(std::size_t i) {
    if (is_property(i)) return;
    const auto next = text(i + 1);
    if (next == "(") {
      if (text(tokens_[i + 1].match + 1) == "{" && is_object_key(i)) return;
      edits_.push_back({tokens_[i].begin, tokens_[i + 1].end,
                        is_module() ? "____wb_rewrite_import__(import.meta.url, "
                                    : "____wb_rewrite_import__(null, "});
      return;
    }
    if (!is_module() || next == "." || !begins_statement(i)) return;
    if (is(i + 1, JsKind::kString)) return specifier(i + 1);
    for (std::size_t k = i + 1; k < tokens_.size(); ++k) {
      if (begins_another(k)) return;
      if (is(k, JsKind::kString)) {
        if (before(k) == "from") return specifier(k);
      } else if (is(k, JsKind::kIdentifier)) {
        shadow(text(k));
      } else if (text(k) != "{" && text(k) != "}" && text(k) != "," && text(k) != "*") {
        return;
      }
    }
  }

  /// Lists of names end at the next such statement, which is looked at by itself.
  bool begins_another(std::size_t i) const { return text(i) == "import" || text(i) == "export"; }

  void export_from(std::size_t i) {
    if (is_property(i) || (text(i + 1) != "{" && text(i + 1) != "*")) return;
    for (std::size_t k = i + 1; k < tokens_.size(); ++k) {
      if (begins_another(k)) return;
      if (is(k, JsKind::kString) && before(k) == "from") return specifier(k);
      const bool list = is(k, JsKind::kIdentifier) || is(k, JsKind::kString) || text(k) == "{" ||
                        text(k) == "}" || text(k) == "," || text(k) == "*";
      if (!list) return;
    }
  }

  void specifier(std::size_t i) {
    const auto& token = tokens_[i];
    const auto url = source_.substr(token.begin + 1, token.end - token.begin - 2);
    if (url.find('\\') != std::string_view::npos) return;
    const bool relative = url.starts_with("./") || url.starts_with("../");
    const bool addressed = relative || url.starts_with('/') || istarts_with(url, "http://") ||
                           istarts_with(url, "https://");
    if (!addressed) return;
    // Relative to a module that was asked for as one they are right already.
    const Modifier own = urls_.address().modifier;
    const bool is_own_module = own == Modifier::kModule || own == Modifier::kWorkerModule;
    const UrlEdit change = relative && !is_own_module ? urls_.edit_all(url, Modifier::kModule)
                                                      : urls_.edit(url, Modifier::kModule);
    if (change.kind == UrlEdit::Kind::kInsert) insert(token.begin + 1, change.text);
    if (change.kind == UrlEdit::Kind::kReplace)
      edits_.push_back({token.begin + 1, token.end - 1u, change.text});
  }

  void wrap(JsEdits& result) {
    if (is_module()) {
      if (kind_ == ScriptKind::kWorkerModule) result.before += worker_import();
      if (used_ && kind_ == ScriptKind::kModule) result.before += module_import();
      return;
    }
    if (is_worker()) {
      result.before += worker_start();
      return;
    }
    if (!used_) return;
    result.before += kAssign;
    result.before += "{ ";
    for (std::size_t k = 0; k < kGlobals.size(); ++k) {
      if (shadowed_[k]) continue;
      result.before += assignment(kGlobals[k]);
    }
    result.before += "let arguments; ";
    tell_functions(result);
    result.after = "\n}";
    result.edits.insert(result.edits.end(), lexical_.begin(), lexical_.end());
    std::ranges::stable_sort(result.edits, {}, &Edit::begin);
  }

  /// The page's other scripts, and its timers, may call a script's functions before its end: they
  /// are hoisted out of a script, but not out of a block. In a block, too, a function must not have
  /// the name of a var, so that one gets another and the var its value.
  void tell_functions(JsEdits& result) {
    const auto self =
        static_cast<std::size_t>(std::ranges::find(kGlobals, "self") - kGlobals.begin());
    std::ranges::sort(variables_);
    for (const std::size_t token : functions_) {
      const std::string name(text(token));
      if (std::ranges::binary_search(variables_, std::string_view(name))) {
        lexical_.push_back({tokens_[token].begin, tokens_[token].begin, std::string(kHoisted)});
        result.before += name + " = " + std::string(kHoisted) + name + "; ";
      } else if (!shadowed_[self]) {
        result.before += "self." + name + " = " + name + "; ";
      }
    }
  }

  /// In an attribute only what it names, since it is short; the function is there from the page's
  /// start.
  void wrap_attribute(JsEdits& result) const {
    const auto wanted = named_ & ~shadowed_;
    if (wanted.none()) return;
    result.before = "{ ";
    for (std::size_t k = 0; k < kGlobals.size(); ++k) {
      if (wanted[k]) result.before += assignment(kGlobals[k]);
    }
    if (kind_ == ScriptKind::kUrl) result.before += "let arguments; ";
    result.after = " }";
  }

  static std::string assignment(std::string_view global) {
    return "let " + std::string(global) + " = _____WB$wombat$assign$function_____(\"" +
           std::string(global) + "\"); ";
  }

  std::string module_import() const {
    std::string names;
    for (std::size_t k = 0; k < kGlobals.size(); ++k) {
      if (shadowed_[k]) continue;
      if (!names.empty()) names += ", ";
      names += kGlobals[k];
    }
    return names.empty() ? names
                         : "import { " + names + " } from \"" + urls_.address().prefix +
                               "__wb_module_decl.js\"; ";
  }

  std::string worker_options() const {
    const auto& address = urls_.address();
    std::string url;
    for (const char c : address.document.href()) {
      if (c == '"' || c == '\\') url += '\\';
      url += c;
    }
    return "{\"prefix\": (self.__wb_origin || self.location.origin) + \"" + address.prefix +
           address.timestamp + "\", \"mod\": \"wkrf_\", \"originalURL\": \"" + url + "\"}";
  }
  std::string worker_start() const {
    return "{ if (!self.__wb_wombat) { importScripts(\"" + urls_.address().workers_script +
           "\"); self.__wb_wombat = new WBWombat(" + worker_options() + "); } } ";
  }
  std::string worker_import() const {
    return "import \"" + urls_.address().workers_script +
           "\"; if (!self.__wb_wombat) self.__wb_wombat = new WBWombat(" + worker_options() + "); ";
  }

  const ScriptKind kind_;
  const UrlRewriter& urls_;
  std::vector<Edit> edits_;
  std::vector<Edit> lexical_;  ///< to be done only if the script is wrapped
  std::vector<std::string_view> names_;
  std::vector<std::size_t> functions_;       ///< declared at the top: the tokens of their names
  std::vector<std::string_view> variables_;  ///< by var, outside of functions
  std::bitset<kGlobals.size()> shadowed_;    ///< declared by the script itself
  std::bitset<kGlobals.size()> named_;
  std::size_t in_declaration_ = 0;  ///< tokens up to here belong to the declaration looked at last
  bool used_ = false;
};

}  // namespace

JsEdits edits_for(std::string_view source, ScriptKind kind, const UrlRewriter& urls) {
  return Editor(source, kind, urls).run();
}

std::string module_declarations() {
  std::string out =
      "const assign = (name) => (self._wb_wombat && self._wb_wombat.local_init && "
      "self._wb_wombat.local_init(name)) || "
      "self[name];\nif (!self.__WB_pmw) { self.__WB_pmw = function(obj) { this.__WB_source = obj; "
      "return this; } }\n";
  std::string exports;
  for (const auto name : kGlobals) {
    out += "const wb_" + std::string(name) + " = assign(\"" + std::string(name) + "\");\n";
    exports += (exports.empty() ? "wb_" : ", wb_") + std::string(name) + " as " + std::string(name);
  }
  return out + "export { " + exports + " };\n";
}

}  // namespace wm::rewrite

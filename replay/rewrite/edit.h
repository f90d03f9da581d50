#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wm::rewrite {

/// Where a rewriter's output goes. The input is the concatenation of what is kept and of the `old`
/// of every edit, in order: a rewriter changes bytes only where it says so.
class EditSink {
 public:
  virtual ~EditSink() = default;
  virtual void keep(std::string_view bytes) = 0;
  virtual void edit(std::string_view old, std::string_view fresh) = 0;
  void insert(std::string_view fresh) { edit({}, fresh); }
};

/// Appends the output to a string that outlives it.
class StringSink final : public EditSink {
 public:
  explicit StringSink(std::string& out) : out_(out) {}
  void keep(std::string_view bytes) override { out_ += bytes; }
  void edit(std::string_view, std::string_view fresh) override { out_ += fresh; }

 private:
  std::string& out_;
};

/// One change of a text held whole.
struct Edit {
  std::size_t begin;
  std::size_t end;    ///< [begin, end) of the input …
  std::string fresh;  ///< … becomes this
};

/// Collects the edits of a short text, such as an attribute's value.
class EditList final : public EditSink {
 public:
  void keep(std::string_view bytes) override { at_ += bytes.size(); }
  void edit(std::string_view old, std::string_view fresh) override {
    edits_.push_back({at_, at_ + old.size(), std::string(fresh)});
    at_ += old.size();
  }
  std::vector<Edit>& edits() { return edits_; }

 private:
  std::size_t at_ = 0;
  std::vector<Edit> edits_;
};

/// Gives `text` to `sink` with its edits made. Of overlapping ones the earlier holds, and of those
/// at one place the first.
void write_edits(std::string_view text, std::vector<Edit>& edits, EditSink& sink);

/// A rewriter of one body: bytes in, edits out, any split of the input giving the same output.
/// Linear in time; memory is bounded by the tokenizer's limits. One thread.
class Rewriter {
 public:
  virtual ~Rewriter() = default;
  virtual void feed(std::string_view bytes) = 0;
  virtual void finish() = 0;
};

/// A rewriter that must have seen all of a body before it knows what to change. A body longer than
/// `limit` goes out as it is.
class HeldRewriter : public Rewriter {
 public:
  HeldRewriter(std::size_t limit, EditSink& sink) : sink_(sink), limit_(limit) {}
  void feed(std::string_view bytes) final;
  void finish() final;

 protected:
  /// Gives all of `text` to sink().
  virtual void rewrite(std::string_view text) = 0;
  EditSink& sink() { return sink_; }

 private:
  EditSink& sink_;
  const std::size_t limit_;
  std::string text_;
  bool too_long_ = false;
};

}  // namespace wm::rewrite

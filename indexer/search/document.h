#pragma once

#include <xapian.h>

#include "indexer/search/schema.h"

namespace wm::search {

/// The Xapian document of ours; `times` are those it had before.
Xapian::Document make_document(const Document& document, const std::vector<Time14>& times);
/// What is the link's on a document that is there: title, tags, notes, states, added.
void replace_link_fields(Xapian::Document& document, Stored stored, const Document& link_fields);
/// The data and the values that follow from it.
void store_data(Xapian::Document& document, const Stored& stored);

}  // namespace wm::search

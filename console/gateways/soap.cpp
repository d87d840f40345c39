// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateways/soap.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <new>
#include <vector>

#include "core/fold.h"
#include "core/national_id.h"

namespace anahtar::gateways {
namespace {

using core::Code;
using sdk::tr;

constexpr char soap_11[] = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr char soap_12[] = "http://www.w3.org/2003/05/soap-envelope";
constexpr char schema_instance[] = "http://www.w3.org/2001/XMLSchema-instance";
constexpr char nvi[] = "http://tckimlik.nvi.gov.tr/WS";

struct DocumentDeleter {
  void operator()(xmlDoc* document) const { xmlFreeDoc(document); }
};
using Document = std::unique_ptr<xmlDoc, DocumentDeleter>;

const xmlChar* xml(const char* text) { return reinterpret_cast<const xmlChar*>(text); }

template <class T>
T* must(T* pointer) {
  if (!pointer) throw std::bad_alloc();
  return pointer;
}

std::string turkish_capitals(const std::string& text) {
  auto wide = icu::UnicodeString::fromUTF8(core::tidy(text));
  std::string capitals;
  wide.toUpper(icu::Locale("tr", "TR")).toUTF8String(capitals);
  return capitals;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) { return c >= '0' && c <= '9'; });
}
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }

struct BirthDate {
  std::string year, month, day;  ///< without leading zeros; month and day may be empty
};

std::string without_zeros(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return std::string(digits);
}

/// "YYYY-MM-DD", "YYYY-MM" or "YYYY"; "00" is unknown, too.
std::optional<BirthDate> birth_date_in(std::string_view text) {
  const bool shaped = (text.size() == 4 || (text.size() == 7 && text[4] == '-') ||
                       (text.size() == 10 && text[4] == '-' && text[7] == '-'));
  if (!shaped) return {};
  const auto year = text.substr(0, 4);
  const auto month = text.size() >= 7 ? text.substr(5, 2) : "00";
  const auto day = text.size() == 10 ? text.substr(8, 2) : "00";
  if (!all_digits(year) || !all_digits(month) || !all_digits(day)) return {};
  return BirthDate{std::string(year), without_zeros(month), without_zeros(day)};
}

struct IdentityDocument {
  std::string wallet_series, wallet_number;  ///< of the old wallet, or
  std::string card_serial;                   ///< of the identity card
};

/// Spaces and hyphens are how people read it; "A12B34567" is a card, "A01123456" an old wallet.
std::optional<IdentityDocument> document_in(std::string_view text) {
  std::string serial;
  for (char c : text) {
    if (c == ' ' || c == '-') continue;
    serial += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (serial.size() != 9 || !is_letter(serial[0]) || !all_digits(serial.substr(1, 2)) || !all_digits(serial.substr(4))) {
    return {};
  }
  if (is_letter(serial[3])) return IdentityDocument{{}, {}, serial};
  if (!all_digits(serial.substr(3, 1))) return {};
  return IdentityDocument{serial.substr(0, 3), without_zeros(serial.substr(3)), {}};
}

/// Adds children in the order that the schema's sequence asks for.
class Question {
 public:
  Question(xmlNode* parent, xmlNs* instance) : parent_(parent), instance_(instance) {}
  void text(const char* name, const std::string& value) {
    must(xmlNewTextChild(parent_, parent_->ns, xml(name), xml(value.c_str())));
  }
  void flag(const char* name, bool value) { text(name, value ? "true" : "false"); }
  /// A number that may be unknown: then xsi:nil.
  void number(const char* name, const std::string& value) {
    if (!value.empty()) return text(name, value);
    auto* child = must(xmlNewChild(parent_, parent_->ns, xml(name), nullptr));
    must(xmlNewNsProp(child, instance_, xml("nil"), xml("true")));
  }

 private:
  xmlNode* parent_;
  xmlNs* instance_;
};

std::string printed(xmlDoc* document) {
  xmlChar* text = nullptr;
  int size = 0;
  xmlDocDumpMemoryEnc(document, &text, &size, "UTF-8");
  must(text);
  std::string copy(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  xmlFree(text);
  return copy;
}

bool is(const xmlNode* node, const char* space, const char* name) {
  return node->type == XML_ELEMENT_NODE && node->ns && xmlStrEqual(node->ns->href, xml(space)) &&
         xmlStrEqual(node->name, xml(name));
}

std::vector<xmlNode*> elements_in(const xmlNode* parent) {
  std::vector<xmlNode*> found;
  for (auto* node = parent->children; node; node = node->next) {
    if (node->type == XML_ELEMENT_NODE) found.push_back(node);
  }
  return found;
}

/// The only element in `parent`, when it is this one.
xmlNode* only(const xmlNode* parent, const char* space, const char* name) {
  const auto children = parent ? elements_in(parent) : std::vector<xmlNode*>{};
  return children.size() == 1 && is(children[0], space, name) ? children[0] : nullptr;
}

/// The one Body; a Header may stand before it.
xmlNode* body_of(const xmlNode* envelope, const char* soap) {
  auto children = elements_in(envelope);
  if (!children.empty() && is(children[0], soap, "Header")) children.erase(children.begin());
  return children.size() == 1 && is(children[0], soap, "Body") ? children[0] : nullptr;
}

NviAnswer boolean_of(const xmlNode* result) {
  if (!elements_in(result).empty()) return NviAnswer::unreadable;
  const std::unique_ptr<xmlChar, decltype(xmlFree)> content(xmlNodeGetContent(result), xmlFree);
  const std::string text = core::tidy(content ? reinterpret_cast<const char*>(content.get()) : "");
  if (text == "true" || text == "1") return NviAnswer::yes;  // xsd:boolean has both spellings
  if (text == "false" || text == "0") return NviAnswer::no;
  return NviAnswer::unreadable;
}

}  // namespace

core::Result<std::string> nvi_request(const core::Subscriber& subscriber) {
  const auto birth = birth_date_in(subscriber.civil.birth_date);
  const auto document = document_in(subscriber.civil.document_serial);
  const auto given_names = turkish_capitals(subscriber.given_names), surname = turkish_capitals(subscriber.surname);
  if (!core::is_national_id(subscriber.national_id) || given_names.empty() || !birth || !document) {
    return core::failure(Code::invalid, tr("The record lacks what the civil registry asks for: national identity number, "
                                           "name, date of birth and the serial of the identity card."));
  }

  const Document owner(must(xmlNewDoc(xml("1.0"))));
  auto* envelope = must(xmlNewNode(nullptr, xml("Envelope")));
  xmlDocSetRootElement(owner.get(), envelope);
  auto* soap = must(xmlNewNs(envelope, xml(soap_11), xml("soap")));
  auto* instance = must(xmlNewNs(envelope, xml(schema_instance), xml("xsi")));
  xmlSetNs(envelope, soap);
  auto* body = must(xmlNewChild(envelope, soap, xml("Body"), nullptr));
  auto* call = must(xmlNewChild(body, nullptr, xml("KisiVeCuzdanDogrula"), nullptr));
  xmlSetNs(call, must(xmlNewNs(call, xml(nvi), nullptr)));

  Question question(call, instance);
  question.text("TCKimlikNo", subscriber.national_id);
  question.text("Ad", given_names);
  question.text("Soyad", surname);
  question.flag("SoyadYok", surname.empty());
  question.number("DogumGun", birth->day);
  question.flag("DogumGunYok", birth->day.empty());
  question.number("DogumAy", birth->month);
  question.flag("DogumAyYok", birth->month.empty());
  question.number("DogumYil", birth->year);
  if (!document->wallet_series.empty()) question.text("CuzdanSeri", document->wallet_series);
  question.number("CuzdanNo", document->wallet_number);
  if (!document->card_serial.empty()) question.text("TCKKSeriNo", document->card_serial);
  return printed(owner.get());
}

NviAnswer nvi_answer(std::string_view text) {
  if (text.empty() || text.size() > INT_MAX) return NviAnswer::unreadable;
  const Document document(xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr,
                                        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  const xmlNode* envelope = document ? xmlDocGetRootElement(document.get()) : nullptr;
  if (!envelope || document->intSubset) return NviAnswer::unreadable;
  const char* soap = is(envelope, soap_11, "Envelope") ? soap_11 : soap_12;
  if (!is(envelope, soap, "Envelope")) return NviAnswer::unreadable;
  const xmlNode* body = body_of(envelope, soap);
  if (only(body, soap, "Fault")) return NviAnswer::fault;
  const xmlNode* response = only(body, nvi, "KisiVeCuzdanDogrulaResponse");
  const xmlNode* result = only(response, nvi, "KisiVeCuzdanDogrulaResult");
  return result ? boolean_of(result) : NviAnswer::unreadable;
}

}  // namespace anahtar::gateways

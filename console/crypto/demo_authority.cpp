// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/demo_authority.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "crypto/card_key_handle.h"
#include "crypto/random.h"

namespace anahtar::crypto {
namespace {

using Certificate = detail::Owned<X509, X509_free>;
using Memory = detail::Owned<BIO, BIO_free>;

void add_name(X509_NAME* name, const char* field, std::string_view value) {
  if (value.empty()) return;
  detail::require(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(value.data()),
                                             static_cast<int>(value.size()), -1, 0) == 1,
                  "write a name");
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const detail::Owned<X509_EXTENSION, X509_EXTENSION_free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  detail::require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "write an extension");
}

void set_time(ASN1_TIME* time, std::chrono::sys_seconds when) {
  detail::require(ASN1_TIME_set(time, when.time_since_epoch().count()) != nullptr, "write a time");
}

Certificate blank(EVP_PKEY* key, std::chrono::sys_seconds not_before, std::chrono::sys_seconds not_after) {
  Certificate certificate(X509_new());
  Bytes serial = random_bytes(16);
  serial[0] = (serial[0] & 0x3F) | 0x40;  // positive, and always of the same length
  const detail::Owned<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  detail::require(certificate && number && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
                      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) != nullptr &&
                      X509_set_pubkey(certificate.get(), key) == 1,
                  "make a certificate");
  set_time(X509_getm_notBefore(certificate.get()), not_before);
  set_time(X509_getm_notAfter(certificate.get()), not_after);
  return certificate;
}

Bytes der_of(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  detail::require(size > 0, "write a certificate");
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

std::string text_in(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

struct DemoAuthority::Handle {
  detail::Owned<EVP_PKEY, EVP_PKEY_free> key;
  Certificate certificate;
};

DemoAuthority DemoAuthority::create(const std::string& name) {
  using namespace std::chrono_literals;
  auto handle = std::make_shared<Handle>();
  handle->key.reset(EVP_EC_gen("P-256"));
  detail::require(handle->key != nullptr, "make a root's key");
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  // Old enough to have issued certificates that have expired since.
  handle->certificate = blank(handle->key.get(), now - std::chrono::years(10), now + std::chrono::years(20));
  X509* const root = handle->certificate.get();
  add_name(X509_get_subject_name(root), "C", "TR");
  add_name(X509_get_subject_name(root), "CN", name);
  X509_set_issuer_name(root, X509_get_subject_name(root));
  add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(root, root, NID_subject_key_identifier, "hash");
  detail::require(X509_sign(root, handle->key.get(), EVP_sha256()) > 0, "sign a certificate");
  return DemoAuthority(std::move(handle));
}

Result<DemoAuthority> DemoAuthority::parse(std::string_view certificate_and_key) {
  const auto memory = [&] {
    return Memory(BIO_new_mem_buf(certificate_and_key.data(), static_cast<int>(certificate_and_key.size())));
  };
  auto handle = std::make_shared<Handle>();
  handle->certificate.reset(PEM_read_bio_X509(memory().get(), nullptr, nullptr, nullptr));
  handle->key.reset(PEM_read_bio_PrivateKey(memory().get(), nullptr, nullptr, nullptr));
  if (!handle->certificate || !handle->key ||
      X509_check_private_key(handle->certificate.get(), handle->key.get()) != 1)
    return std::unexpected("that is no root with its key");
  return DemoAuthority(std::move(handle));
}

sdk::Secret DemoAuthority::pem() const {
  const Memory memory(BIO_new(BIO_s_secmem()));
  detail::require(memory && PEM_write_bio_X509(memory.get(), handle_->certificate.get()) == 1 &&
                      PEM_write_bio_PrivateKey(memory.get(), handle_->key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
                  "write a root");
  return sdk::Secret(text_in(memory.get()));
}

std::string DemoAuthority::root_pem() const {
  const Memory memory(BIO_new(BIO_s_mem()));
  detail::require(memory && PEM_write_bio_X509(memory.get(), handle_->certificate.get()) == 1, "write a certificate");
  return text_in(memory.get());
}

Bytes DemoAuthority::root_der() const { return der_of(handle_->certificate.get()); }

Bytes DemoAuthority::issue(const Subject& subject, const CardKey& key) const {
  const Certificate made = blank(key.handle_->key.get(), subject.not_before, subject.not_after);
  X509* const holder = made.get();
  X509* const root = handle_->certificate.get();
  add_name(X509_get_subject_name(holder), "C", "TR");
  add_name(X509_get_subject_name(holder), "serialNumber", subject.national_id);
  add_name(X509_get_subject_name(holder), "CN", subject.name);
  X509_set_issuer_name(holder, X509_get_subject_name(root));
  add_extension(holder, root, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(holder, root, NID_key_usage, "critical,digitalSignature,nonRepudiation");
  add_extension(holder, root, NID_subject_key_identifier, "hash");
  add_extension(holder, root, NID_authority_key_identifier, "keyid");
  detail::require(X509_sign(holder, handle_->key.get(), EVP_sha256()) > 0, "sign a certificate");
  return der_of(holder);
}

}  // namespace anahtar::crypto

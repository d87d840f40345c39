// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/certificate.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>

#include "crypto/demo_authority.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"
#include "support/temporary_folder.h"

namespace anahtar::crypto {
namespace {

using namespace std::chrono_literals;
using Verdict = TrustedRoots::Verdict;

std::chrono::sys_seconds now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

struct CertificateTest : ::testing::Test {
  DemoAuthority authority = DemoAuthority::create("Kök");
  CardKey key = CardKey::generate(CardKey::Kind::p256);
  anahtar::testing::TemporaryFolder folder;

  Certificate issue(std::chrono::sys_seconds from, std::chrono::sys_seconds to) const {
    return Certificate::parse(authority.issue({"10000000146", "Ayşe Örnek", from, to}, key)).value();
  }
  Certificate valid() const { return issue(now() - 24h, now() + 24h); }
  void keep(const std::string& name, const std::string& content) const { std::ofstream(folder / name) << content; }

  /// A revocation list of the authority that names `certificate`, or nobody.
  std::string revocation_list(const Certificate* certificate) const {
    const std::string pem(authority.pem().expose());
    const detail::Owned<BIO, BIO_free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const detail::Owned<X509, X509_free> root(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    BIO_reset(bio.get());
    const detail::Owned<EVP_PKEY, EVP_PKEY_free> signer(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    const detail::Owned<X509_CRL, X509_CRL_free> list(X509_CRL_new());
    const detail::Owned<ASN1_TIME, ASN1_TIME_free> yesterday(ASN1_TIME_set(nullptr, ::time(nullptr) - 86400)),
        tomorrow(ASN1_TIME_set(nullptr, ::time(nullptr) + 86400));
    X509_CRL_set_version(list.get(), 1);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(root.get()));
    X509_CRL_set1_lastUpdate(list.get(), yesterday.get());
    X509_CRL_set1_nextUpdate(list.get(), tomorrow.get());
    if (certificate) {
      X509_REVOKED* const entry = X509_REVOKED_new();
      BIGNUM* number = nullptr;
      BN_hex2bn(&number, certificate->serial().c_str());
      ASN1_INTEGER* const serial = BN_to_ASN1_INTEGER(number, nullptr);
      X509_REVOKED_set_serialNumber(entry, serial);
      X509_REVOKED_set_revocationDate(entry, yesterday.get());
      X509_CRL_add0_revoked(list.get(), entry);
      ASN1_INTEGER_free(serial);
      BN_free(number);
    }
    X509_CRL_sign(list.get(), signer.get(), EVP_sha256());
    const detail::Owned<BIO, BIO_free> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509_CRL(out.get(), list.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }
};

TEST_F(CertificateTest, TellsWhoseItIs) {
  const Certificate certificate = valid();
  EXPECT_EQ(certificate.common_name(), "Ayşe Örnek");
  EXPECT_EQ(certificate.issuer_name(), "Kök");
  EXPECT_EQ(national_id_in(certificate.subject_serial()), "10000000146");
  EXPECT_FALSE(certificate.serial().empty());
  EXPECT_LT(certificate.not_before(), certificate.not_after());
  EXPECT_FALSE(certificate.has_rsa_key());
  EXPECT_EQ(certificate.key_bits(), 256);
}

TEST_F(CertificateTest, LeadsToARootOrDoesNot) {
  std::string reason;
  EXPECT_EQ(TrustedRoots(folder / "nowhere").check(valid(), reason), Verdict::no_roots);
  EXPECT_EQ(TrustedRoots(folder.path()).check(valid(), reason), Verdict::no_roots);
  keep("stranger.pem", DemoAuthority::create("Kök").root_pem());
  EXPECT_EQ(TrustedRoots(folder.path()).check(valid(), reason), Verdict::untrusted) << "the same name is not the same key";
  EXPECT_FALSE(reason.empty());
  keep("root.pem", authority.root_pem());
  EXPECT_EQ(TrustedRoots(folder.path()).check(valid(), reason), Verdict::trusted) << reason;
}

TEST_F(CertificateTest, IsNotUntrustedForBeingOld) {
  keep("root.pem", authority.root_pem());
  std::string reason;
  const auto from = now() - 48h;
  EXPECT_EQ(TrustedRoots(folder.path()).check(issue(from, now() - 1h), reason), Verdict::trusted) << reason;
}

TEST_F(CertificateTest, IsRevokedByAListInTheFolder) {
  keep("root.pem", authority.root_pem());
  const Certificate bad = valid(), good = valid();
  std::string reason;
  keep("list.crl", revocation_list(&bad));
  const TrustedRoots roots(folder.path());
  EXPECT_EQ(roots.check(bad, reason), Verdict::revoked);
  EXPECT_EQ(roots.check(good, reason), Verdict::trusted) << reason;
}

TEST_F(CertificateTest, KnowsTheSignaturesOfItsKey) {
  const Bytes message = bytes_of("soru"), other = bytes_of("başka");
  const auto digest = sha256(message);
  EXPECT_TRUE(valid().signed_by_key(message, key.sign_digest(digest).value()));
  EXPECT_FALSE(valid().signed_by_key(other, key.sign_digest(digest).value()));
  EXPECT_FALSE(valid().signed_by_key(message, {}));
  EXPECT_FALSE(valid().signed_by_key(message, CardKey::generate(CardKey::Kind::p256).sign_digest(digest).value()));
}

TEST_F(CertificateTest, RefusesEveryTruncation) {
  const Bytes der = authority.issue({"10000000146", "Ayşe Örnek", now() - 1h, now() + 1h}, key);
  for (std::size_t size = 0; size < der.size(); ++size) EXPECT_FALSE(Certificate::parse(BytesView(der).first(size))) << size;
}

TEST(NationalId, IsFoundInTheFormsThatAuthoritiesWrite) {
  for (const char* text : {"10000000146", "TCKN-10000000146", "PNOTR-10000000146", "TC 10000000146"})
    EXPECT_EQ(national_id_in(text), "10000000146") << text;
  for (const char* text : {"", "1000000014", "100000001461", "abc", "PNOTR-"}) EXPECT_EQ(national_id_in(text), "") << text;
}

}  // namespace
}  // namespace anahtar::crypto

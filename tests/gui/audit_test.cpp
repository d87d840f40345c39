// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/desk_fixture.h"

#include "ui/row_list.h"
#include "ui/text.h"

namespace anahtar::testing {
namespace {

using ui::Driver;

class Audit : public DeskFixture {
 protected:
  ui::RowList& list() { return *dynamic_cast<ui::RowList*>(Driver::visible("audit.list")); }
};

TEST_F(Audit, ASupervisorVerifiesTheLogAndReadsTheVerdict) {
  sign_in(parts->demo.supervisor);
  ASSERT_TRUE(Driver::press("nav.audit"));
  ASSERT_TRUE(Driver::press("verify.go"));
  ASSERT_NE(Driver::appears("verify.verdict"), nullptr);
  EXPECT_NE(Driver::text("verify.verdict").find("INTACT"), std::string::npos);
  EXPECT_EQ(parts->store.records_of(core::record_type::audit_verified).size(), 1u);
}

TEST_F(Audit, ADayThatIsNoneIsMarkedAndNotSearched) {
  sign_in(parts->demo.supervisor);
  ASSERT_TRUE(Driver::press("nav.audit"));
  ASSERT_TRUE(Driver::settle());
  const auto looks = parts->store.records_of(core::record_type::audit_viewed).size();
  ASSERT_TRUE(Driver::type("audit.from", "31.31.2026"));
  ASSERT_TRUE(Driver::press("audit.apply"));
  ASSERT_TRUE(Driver::settle());
  EXPECT_NE(Driver::visible("notice"), nullptr);
  EXPECT_EQ(parts->store.records_of(core::record_type::audit_viewed).size(), looks);
}

TEST_F(Audit, FiltersByOperator) {
  sign_in(parts->demo.supervisor);
  ASSERT_TRUE(Driver::press("nav.audit"));
  ASSERT_TRUE(Driver::wait([&] { return list().count() > 0; }));
  ASSERT_TRUE(Driver::type("audit.actor", "nobody_of_this_name"));
  ASSERT_TRUE(Driver::press("audit.apply"));
  EXPECT_TRUE(Driver::wait([&] { return list().count() == 0; }));
}

TEST_F(Audit, AnAdministratorSeesWhyAPluginWasRefused) {
  sign_in(parts->demo.administrator);
  ASSERT_TRUE(Driver::press("nav.plugins"));
  auto* plugins = dynamic_cast<ui::RowList*>(Driver::appears("plugins.list"));
  ASSERT_NE(plugins, nullptr);
  EXPECT_NE(ui::to_utf8(plugins->text(0, 3)).find("signature"), std::string::npos);
}

TEST_F(Audit, AnOperatorHasNoAdministration) {
  sign_in(parts->demo.operator_);
  EXPECT_EQ(Driver::visible("nav.plugins"), nullptr);
  EXPECT_EQ(Driver::visible("nav.operators"), nullptr);
}

TEST_F(Audit, AnAdministratorAddsAnOperator) {
  sign_in(parts->demo.administrator);
  ASSERT_TRUE(Driver::press("nav.operators"));
  ASSERT_TRUE(Driver::press("operators.add"));
  ASSERT_TRUE(Driver::type("field.name", "deniz"));
  ASSERT_TRUE(Driver::type("field.display_name", "Deniz Kurgu"));
  ASSERT_TRUE(Driver::type("field.password", "a first password"));
  ASSERT_TRUE(Driver::press("form.submit"));
  EXPECT_TRUE(Driver::wait([&] { return parts->store.operator_named("deniz").has_value(); }));
}

}  // namespace
}  // namespace anahtar::testing

// What a cashier may do: every permission by name in one table, and roles as data (T11). Roles come with the policy, so that a
// chain names its own; the administrator's is always there and may do everything.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace paprsek::node {

enum class Permission {
    sell, change_price, discount, void_line, void_receipt, refund, refund_without_receipt, correct_balances, cash_in, cash_out, manage_shift, close_day,
    approve_difference, manage_stock, change_policy, manage_users, edit_customers, grant_terms, manage_customers, reset_balances
};

struct PermissionEntry {
    Permission permission;
    std::string_view name;  ///< as policies, facts and answers write it: "change_price"
    std::string_view act;   ///< the beginning of a sentence: "Changing a price"
};
/// The one table.
std::span<const PermissionEntry> permission_table();
std::string_view print(Permission permission);
std::optional<Permission> parse_permission(std::string_view name);

/// A set of permissions.
class Permissions {
public:
    static Permissions all();
    bool has(Permission permission) const { return (bits_ >> static_cast<unsigned>(permission) & 1u) != 0; }
    void add(Permission permission) { bits_ |= 1u << static_cast<unsigned>(permission); }
    std::vector<std::string> names() const;
    friend bool operator==(Permissions, Permissions) = default;

private:
    std::uint32_t bits_ = 0;
};

struct Role {
    std::string name;
    Permissions may;
};

inline constexpr std::string_view administrator_role = "administrator";
/// administrator, manager and cashier, as a new policy has them.
std::vector<Role> default_roles();

}  // namespace paprsek::node

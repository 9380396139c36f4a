#include "node/permissions.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace paprsek::node {
namespace {

constexpr std::array permission_rows = {
    PermissionEntry{Permission::sell, "sell", "Selling"},
    PermissionEntry{Permission::change_price, "change_price", "Changing a price"},
    PermissionEntry{Permission::discount, "discount", "Giving a discount"},
    PermissionEntry{Permission::void_line, "void_line", "Striking out a line"},
    PermissionEntry{Permission::void_receipt, "void_receipt", "Striking out the receipt"},
    PermissionEntry{Permission::refund, "refund", "Taking goods back"},
    PermissionEntry{Permission::refund_without_receipt, "refund_without_receipt", "Taking goods back without a receipt"},
    PermissionEntry{Permission::correct_balances, "correct_balances", "Correcting points or spend"},
    PermissionEntry{Permission::cash_in, "cash_in", "Putting cash into the drawer"},
    PermissionEntry{Permission::cash_out, "cash_out", "Taking cash out of the drawer"},
    PermissionEntry{Permission::manage_shift, "manage_shift", "Opening or closing a shift"},
    PermissionEntry{Permission::close_day, "close_day", "Closing the day"},
    PermissionEntry{Permission::approve_difference, "approve_difference", "Accepting a difference in the drawer"},
    PermissionEntry{Permission::manage_stock, "manage_stock", "Changing stock"},
    PermissionEntry{Permission::change_policy, "change_policy", "Changing the policy"},
    PermissionEntry{Permission::manage_users, "manage_users", "Changing users"},
    PermissionEntry{Permission::edit_customers, "edit_customers", "Changing customers"},
    PermissionEntry{Permission::grant_terms, "grant_terms", "Changing a customer's discount or credit"},
    PermissionEntry{Permission::manage_customers, "manage_customers", "Merging or erasing customers"},
    PermissionEntry{Permission::reset_balances, "reset_balances", "Wiping points or spend"},
};

}  // namespace

std::span<const PermissionEntry> permission_table() { return permission_rows; }

std::string_view print(Permission permission) {
    const auto found =
        std::find_if(permission_rows.begin(), permission_rows.end(), [&](const PermissionEntry& entry) { return entry.permission == permission; });
    assert(found != permission_rows.end());
    return found->name;
}

std::optional<Permission> parse_permission(std::string_view name) {
    for (const PermissionEntry& entry : permission_rows)
        if (entry.name == name) return entry.permission;
    return std::nullopt;
}

Permissions Permissions::all() {
    Permissions all;
    for (const PermissionEntry& entry : permission_rows) all.add(entry.permission);
    return all;
}

std::vector<std::string> Permissions::names() const {
    std::vector<std::string> names;
    for (const PermissionEntry& entry : permission_rows)
        if (has(entry.permission)) names.emplace_back(entry.name);
    return names;
}

std::vector<Role> default_roles() {
    Role administrator{std::string(administrator_role), Permissions::all()}, manager{"manager", {}}, cashier{"cashier", {}};
    for (const PermissionEntry& entry : permission_rows)
        if (entry.permission != Permission::change_policy && entry.permission != Permission::manage_users && entry.permission != Permission::reset_balances)
            manager.may.add(entry.permission);
    for (const Permission permission : {Permission::sell, Permission::void_line, Permission::void_receipt, Permission::refund, Permission::cash_in,
                                        Permission::manage_shift, Permission::edit_customers})
        cashier.may.add(permission);
    return {administrator, manager, cashier};
}

}  // namespace paprsek::node

#include "tests/crash/branch_places.h"

#include <fmt/format.h>

namespace paprsek::test {

std::string products_csv(int count, int price_step) {
    std::string csv = "code,name,group,price,vat,cost,points,dealer_discounts\n";
    for (int i = 1; i <= count; ++i) csv += fmt::format("{},Zboží {},food,{}.90,B,1.10,,\n", 1000 + i, i, i * price_step);
    return csv;
}

std::string customers_csv(int count, int opening_points) {
    std::string csv = "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer,phone,email,address,note\n";
    for (int i = 1; i <= count; ++i)
        csv += fmt::format("{},Zákazník {},{},,,1,90000,{},100.00,,,,Lipová {},\n", i, i, 2'900'000'000'000 + i, opening_points, i);
    return csv;
}

void prepare_shop(PowerDisk& disk, const Folder& folder) {
    node::ManualClock clock(node::Instant{1'772'438'300'000});
    SeededRandom random(7);
    const auto node = node::Node::create(folder.node(), power_shop, clock, random, disk.vfs());
    node->set_policy(R"({"mode":"points","point_value":"0.05","cash_rounding":"1.00","vat":[{"group":"B","rate":"12"}]})", "policy.json");
    node::import_catalogue(*node, folder.write("products.csv", products_csv(40, 1)));
    node::import_customers(*node, folder.write("customers.csv", customers_csv(20, 500)));
}

}  // namespace paprsek::test

// Policies and catalogues drawn from a seed: every rule of PRODUCT.md may act, often several at once.
#pragma once
#include <fmt/format.h>

#include <string>

#include "tests/support/seeded_random.h"

namespace paprsek::test {

inline constexpr int drawn_products = 12, drawn_customers = 8;
inline std::string drawn_product(std::int64_t index) { return std::to_string(1001 + index); }
inline std::string drawn_card(std::int64_t index) { return std::to_string(6'400'000'000'000 + index); }

class RandomRules {
public:
    explicit RandomRules(std::uint64_t seed) : dice_(seed) {}

    std::string policy(const std::string& more = "") {
        std::string text = "{";
        text += fmt::format(R"("mode":"{}","point_value":"0.{:02}","earn":"{}","points_from":"{}","redemption_is":"{}","cash_rounding":"{}",)",
                            chance(50) ? "points" : "cumulative", 1 + below(30), one_of("price", "margin", "none"), chance(70) ? "catalogue" : "net",
                            chance(75) ? "discount" : "payment", one_of("1.00", "0.01", "0.50"));
        if (chance(40)) text += fmt::format(R"("mode_by_day":{{"{}":"{}"}},)", day(), chance(50) ? "points" : "cumulative");
        text += R"("multipliers":[)" + list(3, [&] { return fmt::format(R"({{{}"factor":"{}.{}"}})", window(), below(4), below(10)); }) + "],";
        text += R"("time_discounts":[)" + list(3, [&] { return fmt::format(R"({{{}"discount":"{}.5"}})", window(), below(20)); }) + "],";
        text += R"("levels":[)" + list(3, [&] { return fmt::format(R"({{"spend":"{}","discount":"{}"}})", ++level_ * 40 + below(30), below(15)); }) + "],";
        text += chance(40) ? R"("excluded_groups":["tobacco"],)" : "";
        text += chance(30) ? fmt::format(R"("excluded_products":["{}"],)", drawn_product(below(drawn_products))) : "";
        text += fmt::format(R"("programmes":[{{"name":"ABC","discount":"{}","card_ranges":[["{}","{}"]],"excluded_groups":[{}]}}],)", below(12), drawn_card(0),
                            drawn_card(1 + below(drawn_customers)), chance(30) ? R"("dairy")" : "");
        if (chance(70)) text += fmt::format(R"("referral":{{"share":"{}","of":"{}"}},)", 1 + below(20), chance(50) ? "points" : "spend");
        text += fmt::format(R"("price_lists":[{{"name":"market","branches":[{}]}}],)", 1 + below(3));
        text += fmt::format(R"("vat":[{{"group":"A","rate":"{}"}},{{"group":"B","rate":"12"}}]{}}})", 20 + below(3), more);
        level_ = 0;
        return text;
    }
    std::string products() {
        std::string csv = "code,name,group,price,vat,cost,points,dealer_discounts\n";
        for (int i = 0; i < drawn_products; ++i)
            csv += fmt::format("{},Goods {},{},{}.{:02},{},{},{},{}\n", drawn_product(i), i, one_of("dairy", "tobacco", "cigars", "", "bread"), 2 + below(90),
                               below(100), chance(60) ? "B" : "A", chance(70) ? fmt::format("{}.10", below(60)) : "",
                               chance(25) ? fmt::format("{}.5", below(40)) : "", chance(50) ? fmt::format("DEA:{}|VIP:{}", below(30), below(30)) : "");
        return csv;
    }
    std::string groups() { return fmt::format("group,parent,excluded\ntobacco,,{}\ncigars,tobacco,{}\ndairy,,0\nbread,,0\n", below(2), chance(15) ? 1 : 0); }
    std::string prices() {
        std::string csv = "code,list,from,price\n";
        const std::int64_t first = below(drawn_products), second = (first + 1 + below(drawn_products - 1)) % drawn_products;
        csv += fmt::format("{},market,2026-03-0{},{}.{:02}\n", drawn_product(first), 1 + below(9), 1 + below(90), below(100));
        csv += fmt::format("{},,2026-03-0{},{}.{:02}\n", drawn_product(second), 1 + below(9), 1 + below(90), below(100));
        return csv;
    }
    std::string customers(int first = 0, int count = drawn_customers) {
        std::string csv = "number,name,cards,dealer,discount,charge_to_account,limit,points,spend,referrer\n";
        for (int i = first; i < first + count; ++i)
            csv += fmt::format("{},Customer {},{},{},{},1,,{},{}.00,{}\n", i + 1, i, drawn_card(i), one_of("", "", "DEA", "VIP"),
                               chance(30) ? std::to_string(below(15)) : "", 100 + below(300), below(200), i % 3 == 2 ? std::to_string(i) : "");
        return csv;
    }

    std::int64_t below(std::int64_t bound) { return dice_.below(bound); }
    bool chance(int percent) { return dice_.below(100) < percent; }
    template <class... Texts>
    std::string one_of(Texts... texts) {
        const std::string all[] = {texts...};
        return all[static_cast<std::size_t>(below(sizeof...(texts)))];
    }

private:
    std::string day() { return one_of("mon", "tue", "wed", "thu", "fri", "sat", "sun"); }
    std::string window() {
        std::string text = chance(50) ? fmt::format(R"("days":["{}"],)", day()) : "";
        const std::int64_t hour = below(24);
        if (chance(60)) text += fmt::format(R"("from":"{:02}:{:02}","to":"{:02}:{:02}",)", hour, below(60), (hour + 1 + below(22)) % 24, below(60));
        return text;
    }
    template <class Make>
    std::string list(std::int64_t most, Make make) {
        std::string text;
        for (std::int64_t i = below(most + 1); i > 0; --i) text += (text.empty() ? "" : ",") + make();
        return text;
    }
    SeededRandom dice_;
    std::int64_t level_ = 0;
};

}  // namespace paprsek::test

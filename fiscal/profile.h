// What a model of printer can do: data, not code. A driver asks its profile; nobody asks for a model's name.
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node/facts.h"

namespace paprsek::fiscal {

/// The wire language.
enum class Dialect { none, datecs_classic, datecs_x, escpos, paper };  ///< paper: PDF and screen
/// What a fiscal device's bytes above 7F mean.
enum class Encoding { ascii, cp1252, cp1250, cp852, cp1251 };

struct Profile {
    std::string_view name;   ///< "datecs-p"
    std::string_view shown;  ///< for people
    Dialect dialect = Dialect::none;
    bool fiscal = false;  ///< has a fiscal memory: counters, Z, VAT letters, a clock that counts
    Encoding encoding = Encoding::ascii;
    int columns = 48;

    // Fiscal devices.
    int vat_groups = 0;  ///< letters A…, of X 1…
    int item_bytes = 0;  ///< of one text line of an item
    int item_lines = 1;
    int text_bytes = 0;             ///< of a free line
    int display_bytes = 0;          ///< 0 = no customer display
    int max_sales = 0;              ///< lines on a receipt
    int max_data = 0;               ///< bytes of data in a request
    bool cancel = false;            ///< command 60 exists
    bool percent = false;           ///< percentage discount on a line
    bool absolute = false;          ///< discount by amount on a line
    bool journal = false;           ///< its electronic journal can be read: proof of what was printed
    bool plain_sales_only = false;  ///< ECR mode: no discount, no customer
    std::int64_t max_price = 0;     ///< minor units a piece
    std::int64_t max_quantity = 0;  ///< thousandths
    int drawer_ms_least = 0, drawer_ms_most = 0;
    int operators = 1;
    std::string_view password;      ///< of operator 1 as the maker set it
    std::string_view tender_codes;  ///< the device's codes of cash, card, account, voucher, in this order
    std::string_view day_sums;      ///< of the reply with the day's payments: which code stands where

    // Timings, milliseconds.
    int reply_ms = 500;    ///< silence after which a request is asked again
    int busy_ms = 60'000;  ///< of "busy" at most, for one command
    int tries = 3;
};

/// All that are known, "none" first.
std::span<const Profile> profiles();
/// nullptr where there is none of this name.
const Profile* find_profile(std::string_view name);
/// "none, datecs-p550, …" for messages.
std::string profile_names();

}  // namespace paprsek::fiscal

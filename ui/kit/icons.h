// The icons in use, by their code points in Font Awesome 4.7. Only these are put into the font atlas.
#pragma once
#include <array>

namespace paprsek::ui {

enum class Icon : char32_t {
    none = 0,
    search = 0xF002,
    heart = 0xF004,
    star = 0xF005,
    user = 0xF007,
    check = 0xF00C,
    times = 0xF00D,
    cog = 0xF013,
    trash = 0xF014,
    home = 0xF015,
    file = 0xF016,
    clock = 0xF017,
    download = 0xF019,
    inbox = 0xF01C,
    refresh = 0xF021,
    tag = 0xF02B,
    tags = 0xF02C,
    print = 0xF02F,
    list = 0xF03A,
    pencil = 0xF040,
    plus_circle = 0xF055,
    check_circle = 0xF058,
    info_circle = 0xF05A,
    arrow_left = 0xF060,
    arrow_up = 0xF062,
    plus = 0xF067,
    minus = 0xF068,
    exclamation = 0xF06A,
    gift = 0xF06B,
    warning = 0xF071,
    folder = 0xF07B,
    cart = 0xF07A,
    barcode = 0xF02A,
    credit_card = 0xF09D,
    hdd = 0xF0A0,
    users = 0xF0C0,
    cloud = 0xF0C2,
    money = 0xF0D6,
    undo = 0xF0E2,
    exchange = 0xF0EC,
    upload = 0xF093,
    level_up = 0xF148,
    moon = 0xF186,
    sun = 0xF185,
    building = 0xF1AD,
    store = 0xF290,  // a shopping bag
    coffee = 0xF0F4,
    angle_right = 0xF105,
    angle_left = 0xF104,
    angle_up = 0xF106,
    angle_down = 0xF107,
    backspace = 0xF177,  // a long arrow to the left
    usb = 0xF287,
    plug = 0xF1E6,
    chain = 0xF0C1,
    ban = 0xF05E,
    bell = 0xF0A2,
    id_card = 0xF2C3,
    sitemap = 0xF0E8,
    history = 0xF1DA,
};

inline constexpr std::array icons_in_use{
        Icon::search, Icon::heart, Icon::star, Icon::user, Icon::check, Icon::times, Icon::cog, Icon::trash, Icon::home, Icon::file,
        Icon::clock, Icon::download, Icon::inbox, Icon::refresh, Icon::tag, Icon::tags, Icon::print, Icon::list, Icon::pencil,
        Icon::plus_circle, Icon::check_circle, Icon::info_circle, Icon::arrow_left, Icon::arrow_up, Icon::plus, Icon::minus,
        Icon::exclamation, Icon::gift, Icon::warning, Icon::folder, Icon::cart, Icon::barcode, Icon::credit_card, Icon::hdd,
        Icon::users, Icon::cloud, Icon::money, Icon::undo, Icon::exchange, Icon::upload, Icon::level_up, Icon::moon, Icon::sun,
        Icon::building, Icon::store, Icon::coffee, Icon::angle_right, Icon::angle_left, Icon::angle_up, Icon::angle_down,
        Icon::backspace, Icon::usb, Icon::plug, Icon::chain, Icon::ban, Icon::bell, Icon::id_card, Icon::sitemap, Icon::history};

}  // namespace paprsek::ui

#include "node/base/packed_text.h"

#include <zdict.h>
#include <zstd.h>

#include <cassert>
#include <vector>

namespace paprsek::node {
namespace {

constexpr std::size_t max_dictionary = 64 << 10;
constexpr int packing_level = 19;  // packed once, in small pieces

struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    void operator()(ZSTD_CDict* dictionary) const { ZSTD_freeCDict(dictionary); }
    void operator()(ZSTD_DDict* dictionary) const { ZSTD_freeDDict(dictionary); }
};

/// Unpacks with the dictionary that it was given last, which is nearly always the same one.
class Unpacker {
public:
    std::string operator()(std::string_view bytes, std::string_view dictionary) {
        const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
        if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > max_packed_text) return {};
        if (!prepared_ || dictionary != known_) {
            prepared_.reset(ZSTD_createDDict(dictionary.data(), dictionary.size()));
            known_ = dictionary;
        }
        std::string text(static_cast<std::size_t>(size), '\0');
        const std::size_t length = ZSTD_decompress_usingDDict(context_.get(), text.data(), text.size(), bytes.data(), bytes.size(), prepared_.get());
        return ZSTD_isError(length) || length != text.size() ? std::string() : text;
    }

private:
    std::unique_ptr<ZSTD_DCtx, Free> context_{ZSTD_createDCtx()};
    std::unique_ptr<ZSTD_DDict, Free> prepared_;
    std::string known_;
};

std::string_view blob(sqlite3_value* value) {
    const void* bytes = sqlite3_value_blob(value);  // before its length: that is how SQLite wants it
    return {static_cast<const char*>(bytes), bytes ? static_cast<std::size_t>(sqlite3_value_bytes(value)) : 0};
}

void unpacked(sqlite3_context* context, int, sqlite3_value** arguments) {
    const std::string text = (*static_cast<Unpacker*>(sqlite3_user_data(context)))(blob(arguments[0]), blob(arguments[1]));
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

}  // namespace

std::string dictionary_of(std::span<const std::string> samples) {
    std::string all;
    std::vector<std::size_t> sizes;
    for (const std::string& sample : samples) {
        all += sample;
        sizes.push_back(sample.size());
    }
    std::string dictionary(max_dictionary, '\0');
    const std::size_t size = ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(), all.data(), sizes.data(), static_cast<unsigned>(sizes.size()));
    dictionary.resize(ZDICT_isError(size) ? 0 : size);
    return dictionary;
}

struct TextPacker::Inside {
    std::string dictionary;
    std::unique_ptr<ZSTD_CCtx, Free> context{ZSTD_createCCtx()};
    std::unique_ptr<ZSTD_CDict, Free> prepared;
    Unpacker unpacker;
};

TextPacker::TextPacker(const std::string& dictionary) : inside_(std::make_unique<Inside>()) {
    inside_->dictionary = dictionary;
    inside_->prepared.reset(ZSTD_createCDict(dictionary.data(), dictionary.size(), packing_level));
}

TextPacker::~TextPacker() = default;

std::string TextPacker::pack(std::string_view text) {
    assert(text.size() <= max_packed_text);
    std::string bytes(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size =
        ZSTD_compress_usingCDict(inside_->context.get(), bytes.data(), bytes.size(), text.data(), text.size(), inside_->prepared.get());
    assert(!ZSTD_isError(size));  // the room is what it asked for
    bytes.resize(size);
    return bytes;
}

std::string TextPacker::unpack(std::string_view bytes) { return inside_->unpacker(bytes, inside_->dictionary); }

void register_unpacked(sqlite3* database) {
    const int code = sqlite3_create_function_v2(
        database, "unpacked", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, new Unpacker, &unpacked, nullptr, nullptr,
        [](void* unpacker) { delete static_cast<Unpacker*>(unpacker); });
    assert(code == SQLITE_OK);
    static_cast<void>(code);
}

}  // namespace paprsek::node

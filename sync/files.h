// Files that are whole or not there: what is written replaces the old in one step and is on the disk when the call returns.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace paprsek::sync {

using Bytes = std::vector<unsigned char>;
using BytesView = std::span<const unsigned char>;

inline BytesView bytes_of(std::string_view text) { return {reinterpret_cast<const unsigned char*>(text.data()), text.size()}; }

/// Permissions of a new file: a secret is for its owner alone.
enum class FileMode { secret = 0600, common = 0644 };

/// Writes a temporary file beside `path`, syncs it, renames it over `path` and syncs the folder. Durable on return. When it
/// throws, `path` is the old file or (where only the folder could not be synced) the new one, whole, and no temporary file
/// stays behind; a power cut may leave one (".NAME.*.part"). Throws Error (operating): disk full, no permission, no such
/// folder, medium gone. Any thread; two writers of one path: the later one wins, whole.
void write_atomically(const std::filesystem::path& path, BytesView bytes, FileMode mode = FileMode::common);

/// The whole file. Throws Error (refused) when it is missing, no file or longer than `max_bytes`, and Error (operating)
/// when the medium cannot be read.
Bytes read_whole(const std::filesystem::path& path, std::uint64_t max_bytes);

}  // namespace paprsek::sync

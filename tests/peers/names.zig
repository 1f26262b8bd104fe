// What a constant or record of Zig's library is, whatever form it has there: ci/verify-peers puts
// this before the lines that export each wanted name from one object.
//
// In: a container type and a name. Out: whether it has the name, and its value as an integer that
// an object may export. A flag in a packed struct is the bit that it stands for.
const std = @import("std");
const linux = std.os.linux;
const c = std.c;

fn has(comptime T: type, comptime name: []const u8) bool {
    return switch (@typeInfo(T)) {
        .@"enum" => @hasDecl(T, name) or @hasField(T, name),
        .@"struct" => |info| @hasDecl(T, name) or
            (info.backing_integer != null and @hasField(T, name)),
        else => false,
    };
}

fn hasRecord(comptime T: type, comptime name: []const u8) bool {
    return @hasDecl(T, name) and switch (@typeInfo(@field(T, name))) {
        .@"struct", .@"union" => true,
        else => false,
    };
}

fn Integer(comptime T: type, comptime name: []const u8) type {
    const Own = if (@hasDecl(T, name)) @TypeOf(@field(T, name)) else T;
    return switch (@typeInfo(Own)) {
        .comptime_int => i64,
        .@"enum" => |info| info.tag_type,
        .@"struct" => |info| info.backing_integer.?,
        else => Own,
    };
}

fn integer(comptime T: type, comptime name: []const u8) Integer(T, name) {
    if (@hasDecl(T, name)) return switch (@typeInfo(@TypeOf(@field(T, name)))) {
        .@"enum" => @intFromEnum(@field(T, name)),
        .@"struct" => @bitCast(@field(T, name)),
        else => @field(T, name),
    };
    if (@typeInfo(T) == .@"enum") return @intFromEnum(@field(T, name));
    return 1 << @bitOffsetOf(T, name);
}

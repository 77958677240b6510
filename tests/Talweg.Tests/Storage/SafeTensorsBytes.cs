using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Talweg.Tests.Storage;

/// <summary>Safetensors files put together and taken apart by hand, sharing no code with the library.</summary>
internal static class SafeTensorsBytes
{
    /// <summary>
    /// {"b": float32 [2, 3] of 1 … 6, "a": float16 [2] of 0.5, −0.25}, as Python's safetensors 0.5 lays it out: length 0x70,
    /// JSON that fills a multiple of eight bytes, data.
    /// </summary>
    public static readonly byte[] Golden = Convert.FromHexString(
        "7000000000000000" +
        Hex("{\"b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[24,28]}}") +
        "0000803F" + "00000040" + "00004040" + "00008040" + "0000A040" + "0000C040" +
        "0038" + "00B4");

    public static byte[] File(string json, params byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }

    public static string Json(byte[] file) =>
        Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file));

    /// <summary>The bytes of a tensor, found by way of another JSON parser; throws if the file is nonsense.</summary>
    public static (string Type, long[] Shape, byte[] Data) Tensor(byte[] file, string name)
    {
        long start = 8 + BinaryPrimitives.ReadInt64LittleEndian(file);
        using var json = JsonDocument.Parse(Json(file));
        var entry = json.RootElement.GetProperty(name);
        long[] offsets = [.. entry.GetProperty("data_offsets").EnumerateArray().Select(value => value.GetInt64())];
        return (entry.GetProperty("dtype").GetString()!,
            [.. entry.GetProperty("shape").EnumerateArray().Select(value => value.GetInt64())],
            file[(int)(start + offsets[0])..(int)(start + offsets[1])]);
    }

    /// <summary>The numbers of a tensor, decoded one by one.</summary>
    public static double[] Values(byte[] file, string name)
    {
        var (type, _, data) = Tensor(file, name);
        return type switch
        {
            "F64" => [.. data.Chunk(8).Select(bytes => BitConverter.ToDouble(bytes))],
            "F32" => [.. data.Chunk(4).Select(bytes => (double)BitConverter.ToSingle(bytes))],
            "F16" => [.. data.Chunk(2).Select(bytes => (double)BitConverter.ToHalf(bytes))],
            "BF16" => [.. data.Chunk(2).Select(bytes => (double)BitConverter.ToSingle([0, 0, bytes[0], bytes[1]]))],
            "I32" => [.. data.Chunk(4).Select(bytes => (double)BitConverter.ToInt32(bytes))],
            "U32" => [.. data.Chunk(4).Select(bytes => (double)BitConverter.ToUInt32(bytes))],
            "I16" => [.. data.Chunk(2).Select(bytes => (double)BitConverter.ToInt16(bytes))],
            "U16" => [.. data.Chunk(2).Select(bytes => (double)BitConverter.ToUInt16(bytes))],
            "I8" => [.. data.Select(value => (double)(sbyte)value)],
            "U8" => [.. data.Select(value => (double)value)],
            _ => throw new NotSupportedException(type),
        };
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}

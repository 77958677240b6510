using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Talweg.Storage;

/// <summary>A hash over names, types and values of columns, kept in our tables so that a damaged file is not taken for numbers.</summary>
internal static class TableDigest
{
    /// <summary>The key of the Parquet file's metadata under which the hash stands.</summary>
    public const string Key = "talweg.sha256";

    public static string Of(IReadOnlyList<Column> columns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var column in columns)
        {
            Append(hash, column.Name);
            Append(hash, column.Values is double?[] ? "double?" : column.Type.Name);
            Append(hash, column.Values);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Array values)
    {
        AppendNumbers(hash, [values.Length]);
        switch (values)
        {
            case double[] doubles: AppendNumbers(hash, doubles); break;
            case long[] longs: AppendNumbers(hash, longs); break;
            case int[] ints: AppendNumbers(hash, ints); break;
            case double?[] doubles:
                AppendNumbers(hash, Array.ConvertAll(doubles, value => value.HasValue ? (byte)1 : (byte)0));
                AppendNumbers(hash, Array.ConvertAll(doubles, value => value.GetValueOrDefault()));
                break;
            case string[] texts: Array.ForEach(texts, text => Append(hash, text)); break;
        }
    }

    private static void Append(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AppendNumbers(hash, [bytes.Length]);
        hash.AppendData(bytes);
    }

    private static void AppendNumbers<T>(IncrementalHash hash, T[] values)
        where T : unmanaged => hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
}

using System.Diagnostics.CodeAnalysis;

namespace Talweg.Storage;

/// <summary>The names and sizes of <see cref="ElementType"/> in safetensors headers.</summary>
internal static class ElementTypes
{
    private static readonly (ElementType Type, string Name, int Size)[] Known =
    [
        (ElementType.Float64, "F64", 8), (ElementType.Float32, "F32", 4),
        (ElementType.Float16, "F16", 2), (ElementType.BFloat16, "BF16", 2),
        (ElementType.Int64, "I64", 8), (ElementType.UInt64, "U64", 8),
        (ElementType.Int32, "I32", 4), (ElementType.UInt32, "U32", 4),
        (ElementType.Int16, "I16", 2), (ElementType.UInt16, "U16", 2),
        (ElementType.Int8, "I8", 1), (ElementType.UInt8, "U8", 1),
        (ElementType.Boolean, "BOOL", 1), (ElementType.Complex64, "C64", 8),
        (ElementType.Float8E4M3, "F8_E4M3", 1), (ElementType.Float8E5M2, "F8_E5M2", 1), (ElementType.Float8E8M0, "F8_E8M0", 1),
    ];

    private static readonly Dictionary<string, ElementType> ByName = Known.ToDictionary(known => known.Name, known => known.Type);

    private static readonly Dictionary<ElementType, (string Name, int Size)> ByType =
        Known.ToDictionary(known => known.Type, known => (known.Name, known.Size));

    /// <summary>All names that a header may use, for error messages.</summary>
    public static string AllNames { get; } = string.Join(", ", Known.Select(known => known.Name));

    public static bool TryParse([NotNullWhen(true)] string? name, out ElementType type)
    {
        type = default;
        return name is not null && ByName.TryGetValue(name, out type);
    }

    public static string Name(ElementType type) => ByType[type].Name;

    /// <summary>Bytes of one element.</summary>
    public static int Size(ElementType type) => ByType[type].Size;

    /// <summary>The types that weights, trajectories and directions may have, for error messages.</summary>
    public const string Floats = "F64, F32, F16 or BF16";

    /// <summary>Whether weights, trajectories and directions may have this type.</summary>
    public static bool IsFloat(ElementType type) => type <= ElementType.BFloat16;

    /// <summary>Whether Talweg converts this type to floating point: the usual floats, and integers where exact.</summary>
    public static bool IsReadable(ElementType type) => type < ElementType.Boolean;
}

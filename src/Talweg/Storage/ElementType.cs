namespace Talweg.Storage;

/// <summary>How one number of a safetensors tensor is stored: the header's <c>dtype</c>. All are little-endian.</summary>
public enum ElementType
{
    /// <summary><c>F64</c>: IEEE 754 double precision.</summary>
    Float64,

    /// <summary><c>F32</c>: IEEE 754 single precision.</summary>
    Float32,

    /// <summary><c>F16</c>: IEEE 754 half precision.</summary>
    Float16,

    /// <summary><c>BF16</c>: the upper half of a single-precision number.</summary>
    BFloat16,

    /// <summary><c>I64</c>: 64-bit signed integer.</summary>
    Int64,

    /// <summary><c>U64</c>: 64-bit unsigned integer.</summary>
    UInt64,

    /// <summary><c>I32</c>: 32-bit signed integer.</summary>
    Int32,

    /// <summary><c>U32</c>: 32-bit unsigned integer.</summary>
    UInt32,

    /// <summary><c>I16</c>: 16-bit signed integer.</summary>
    Int16,

    /// <summary><c>U16</c>: 16-bit unsigned integer.</summary>
    UInt16,

    /// <summary><c>I8</c>: 8-bit signed integer.</summary>
    Int8,

    /// <summary><c>U8</c>: 8-bit unsigned integer.</summary>
    UInt8,

    /// <summary><c>BOOL</c>: one byte; listed, but not read as numbers.</summary>
    Boolean,

    /// <summary><c>F8_E4M3</c>: an 8-bit float; listed, but not read.</summary>
    Float8E4M3,

    /// <summary><c>F8_E5M2</c>: an 8-bit float; listed, but not read.</summary>
    Float8E5M2,

    /// <summary><c>F8_E8M0</c>: an 8-bit scale; listed, but not read.</summary>
    Float8E8M0,

    /// <summary><c>C64</c>: two single-precision numbers; listed, but not read.</summary>
    Complex64,
}

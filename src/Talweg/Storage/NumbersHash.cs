using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Talweg.Storage;

/// <summary>SHA-256 of arrays of numbers, one after the other: by which what is made of them is known again.</summary>
internal sealed class NumbersHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Takes in the numbers' bytes.</summary>
    public NumbersHash With<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged
    {
        _hash.AppendData(MemoryMarshal.AsBytes(numbers));
        return this;
    }

    /// <summary>Lower-case hex of all that was taken in; begins anew.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}

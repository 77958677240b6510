namespace Talweg.Native;

/// <summary>What came of an attempt to rewrite a library: new bytes, or the reason why it was left alone.</summary>
internal abstract record ElfPatch
{
    private ElfPatch()
    {
    }

    /// <param name="Bytes">A copy of the file with the changes.</param>
    /// <param name="Edits">Position and length of each change, in bytes.</param>
    public sealed record Rewritten(byte[] Bytes, IReadOnlyList<(int Offset, int Length)> Edits) : ElfPatch;

    /// <param name="Reason">A clause about the file: "it has no section .dynsym".</param>
    public sealed record LeftAlone(string Reason) : ElfPatch;
}

namespace Talweg.Storage;

/// <summary>The order in which people count: <c>2.weight</c> before <c>10.weight</c>.</summary>
/// <remarks>
/// A name is a sequence of characters and of numbers (runs of the digits 0 to 9); numbers compare by value, all else by
/// code unit. Names that are equal so far (<c>2</c> and <c>02</c>) compare by code unit, so the order is total.
/// </remarks>
public sealed class NaturalOrder : IComparer<string>
{
    /// <summary>The only instance: it has no state.</summary>
    public static NaturalOrder Instance { get; } = new();

    private NaturalOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        int natural = CompareTokens(x, y);
        return natural != 0 ? natural : string.CompareOrdinal(x, y);
    }

    private static int CompareTokens(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        while (!x.IsEmpty && !y.IsEmpty)
        {
            int digitsX = LeadingDigits(x), digitsY = LeadingDigits(y);
            bool numbers = digitsX > 0 && digitsY > 0;
            int order = numbers ? CompareNumbers(x[..digitsX], y[..digitsY]) : x[0].CompareTo(y[0]);
            if (order != 0)
                return order;
            x = x[(numbers ? digitsX : 1)..];
            y = y[(numbers ? digitsY : 1)..];
        }
        return x.Length.CompareTo(y.Length);
    }

    private static int LeadingDigits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static int CompareNumbers(ReadOnlySpan<char> x, ReadOnlySpan<char> y)
    {
        x = x.TrimStart('0');
        y = y.TrimStart('0');
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.SequenceCompareTo(y);
    }
}

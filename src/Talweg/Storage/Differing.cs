namespace Talweg.Storage;

/// <summary>Two values of one setting in an error message, so that it is seen where they differ.</summary>
internal static class Differing
{
    private const int Longest = 80, Before = 20;

    /// <summary><c>0.1 there, 0.3 here</c>; of long values the part that is another.</summary>
    public static string Shown(string there, string here)
    {
        int same = there.AsSpan().CommonPrefixLength(here);
        return $"{Shown(there, same)} there, {Shown(here, same)} here";
    }

    private static string Shown(string value, int same) =>
        value.Length <= Longest || same < Longest / 2 ? Quoted.Name(value) : $"…{Quoted.Name(value[(same - Before)..])}";
}

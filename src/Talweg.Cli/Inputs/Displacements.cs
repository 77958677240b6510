using System.Globalization;

namespace Talweg.Cli.Inputs;

/// <summary>What <c>--displacements</c> takes: <c>FIRST:LAST:COUNT</c>, or numbers separated by commas.</summary>
internal static class Displacements
{
    private const int Most = 100_000;
    private const string Form = "FIRST:LAST:COUNT such as -1:1:41, or numbers separated by commas such as -0.2,0,0.2";

    /// <summary>Lengths in weight space, in the order given.</summary>
    /// <exception cref="InputException">The text is of neither form.</exception>
    public static double[] Parse(string text)
    {
        if (!text.Contains(':', StringComparison.Ordinal))
            return [.. text.Split(',').Select(Number)];
        string[] parts = text.Split(':');
        if (parts.Length != 3)
            throw new InputException("--displacements", "value", $"'{text}'", Form);
        return Equidistant(Number(parts[0]), Number(parts[1]), Count(parts[2]));
    }

    private static double[] Equidistant(double first, double last, int count)
    {
        if (count == 1)
            return first == last ? [first] : throw new InputException("--displacements", "COUNT", "1", "at least 2 where FIRST and LAST differ");
        var points = new double[count];
        for (int i = 0; i < count; i++)
            points[i] = first + (last - first) * i / (count - 1);
        points[^1] = last;
        return points;
    }

    private static double Number(string text) => Numbers.Parse(text)
        ?? throw new InputException("--displacements", "number", $"'{text}'", $"a finite number, as in {Form}");

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= Most
            ? count
            : throw new InputException("--displacements", "COUNT", $"'{text}'", $"a whole number from 1 to {Most}");
}

namespace Talweg;

/// <summary>What the user may have meant.</summary>
public static class Suggestion
{
    /// <summary>"one of a, b, c", with the nearest name first asked for where one is near.</summary>
    public static string Among(IEnumerable<string> names, string found)
    {
        ArgumentNullException.ThrowIfNull(found);
        var known = names.ToList();
        string list = $"one of {string.Join(", ", known)}";
        return Nearest(known, found) is { } nearest ? $"{list} (did you mean {nearest}?)" : list;
    }

    /// <summary>The name that the user may have meant; null if none is near.</summary>
    public static string? Nearest(IEnumerable<string> names, string found)
    {
        ArgumentNullException.ThrowIfNull(found);
        string? nearest = names.MinBy(name => Distance(name, found));
        return nearest is not null && Distance(nearest, found) <= Math.Max(2, found.Length / 3) ? nearest : null;
    }

    /// <summary>The edit distance of Levenshtein.</summary>
    internal static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j - 1], diagonal) + 1);
            }
        }
        return row[b.Length];
    }
}

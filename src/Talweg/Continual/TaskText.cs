using System.Globalization;
using Talweg.Data;
using Talweg.Statistics;

namespace Talweg.Continual;

/// <summary>One task before its samples are taken.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Of">Its images of a set.</param>
/// <param name="Classes">Its classes, where tasks are classes; empty where every task has all of them.</param>
internal sealed record TaskDefinition(string Name, Func<ImageSet, ImageSet> Of, IReadOnlyList<int> Classes);

/// <summary>Reads <c>01,23</c>, <c>cat+dog,ship+truck</c>, <c>animals,objects</c>, <c>permuted:5</c>, <c>rotated:0,30</c>.</summary>
internal static class TaskText
{
    private const string Option = "--tasks";
    private const string Expected = "two tasks or more, such as 01,23,45,67,89; 0+1,10+11; cat+dog,ship+truck; animals,objects; permuted:5; or rotated:0,30,60";
    private const string PermutedPrefix = "permuted:";
    private const string RotatedPrefix = "rotated:";
    private const int MostTasks = 100;

    /// <summary>Names that some data sets give their classes, by what they are.</summary>
    private static readonly Dictionary<string, string[]> Groups = new()
    {
        ["animals"] = ["bird", "cat", "deer", "dog", "frog", "horse", "monkey"],
        ["objects"] = ["airplane", "automobile", "car", "ship", "truck"],
    };

    public static void Check(string text)
    {
        if (text.StartsWith(PermutedPrefix, StringComparison.Ordinal))
            _ = Count(text);
        else if (text.StartsWith(RotatedPrefix, StringComparison.Ordinal))
            _ = Angles(text);
        else
            _ = Parts(text, text);
    }

    public static IReadOnlyList<TaskDefinition> Parse(string text, Dataset data, long seed)
    {
        if (text.StartsWith(PermutedPrefix, StringComparison.Ordinal))
            return [.. Enumerable.Range(1, Count(text)).Select(task => Permuted(task, seed))];
        if (text.StartsWith(RotatedPrefix, StringComparison.Ordinal))
            return [.. Angles(text).Select(angle => new TaskDefinition(string.Create(CultureInfo.InvariantCulture, $"rotated {angle}°"), images => images.Rotated(angle), []))];
        return Partition(text, data);
    }

    private static TaskDefinition Permuted(int task, long seed) => new($"permutation {task}", images =>
        task == 1 ? images : images.Permuted(new RandomStream(seed, $"permutation/{task}").Permutation(images.Rows * images.Columns)), []);

    private static List<TaskDefinition> Partition(string text, Dataset data)
    {
        var taken = new Dictionary<int, string>();
        var tasks = new List<TaskDefinition>();
        foreach (string part in Parts(text, text))
        {
            int[] classes = Classes(part, data);
            foreach (int label in classes)
            {
                if (!taken.TryAdd(label, part))
                    throw new InputException(Option, $"task '{part}'", $"class {NameOf(label, data)} again, after '{taken[label]}'", "every class in one task at most");
            }

            tasks.Add(new(part, images => images.OfClasses(classes), classes));
        }

        return tasks;
    }

    private static int[] Classes(string part, Dataset data)
    {
        if (Groups.TryGetValue(part, out string[]? group))
        {
            int[] found = [.. Enumerable.Range(0, data.ClassNames.Count).Where(label => group.Contains(data.ClassNames[label]))];
            return found.Length > 0 ? found : throw new InputException(Option, "task", $"'{part}', which {data.Name} does not have", KnownClasses(data));
        }

        IEnumerable<string> words = part.Contains('+', StringComparison.Ordinal) ? part.Split('+') : part.All(char.IsAsciiDigit) ? part.Select(digit => $"{digit}") : [part];
        return [.. words.Select(word => Class(word, part, data))];
    }

    private static int Class(string word, string part, Dataset data)
    {
        int named = data.ClassNames.ToList().IndexOf(word);
        int label = named >= 0 ? named : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1;
        return label >= 0 && label < data.Train.Classes ? label : throw new InputException(Option, $"task '{part}'", $"class '{word}'", KnownClasses(data));
    }

    private static string NameOf(int label, Dataset data) => label < data.ClassNames.Count ? $"{label} ({data.ClassNames[label]})" : $"{label}";

    private static string KnownClasses(Dataset data) => data.ClassNames.Count > 0
        ? $"classes of {data.Name}: {string.Join(", ", data.ClassNames.Select((name, label) => $"{label} ({name})"))}"
        : $"classes of {data.Name}: 0 to {data.Train.Classes - 1}, one digit each as in 01,23, or joined by + as in 0+1,10+11";

    private static string[] Parts(string parts, string text)
    {
        string[] split = parts.Split(',', StringSplitOptions.TrimEntries);
        return split.Length is >= 2 and <= MostTasks && split.All(part => part.Length > 0) ? split : throw new InputException(Option, "value", $"'{text}'", Expected);
    }

    private static int Count(string text) =>
        int.TryParse(text[PermutedPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 2 and <= MostTasks
            ? count
            : throw new InputException(Option, "number of permutations", $"'{text}'", $"a whole number from 2 to {MostTasks}, as in permuted:5");

    private static double[] Angles(string text) =>
        [.. Parts(text[RotatedPrefix.Length..], text).Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double angle) && double.IsFinite(angle)
            ? angle
            : throw new InputException(Option, "angle", $"'{part}' in '{text}'", "degrees, as in rotated:0,30,60"))];
}

using System.Globalization;

namespace Talweg.Training;

/// <summary>Reads and prints <c>kind:setting=number,setting=number,flag</c>.</summary>
/// <param name="option">What messages call it.</param>
/// <param name="kinds">All kinds there are.</param>
internal sealed class SettingsText<T>(string option, IReadOnlyList<Kind<T>> kinds)
    where T : class
{
    /// <exception cref="InputException">There is no such kind or setting, or a number is missing or out of range.</exception>
    public T Parse(string text)
    {
        string[] halves = text.Split(':', 2);
        var kind = kinds.FirstOrDefault(kind => kind.Name == halves[0])
            ?? throw new InputException(option, "kind", $"'{halves[0]}' in '{text}'", Suggestion.Among(kinds.Select(kind => kind.Name), halves[0]));
        var given = new HashSet<string>();
        var value = kind.Standard;
        foreach (string part in halves.Length == 2 ? halves[1].Split(',') : [])
        {
            string[] pair = part.Split('=', 2);
            var setting = kind.Settings.FirstOrDefault(setting => setting.Name == pair[0])
                ?? throw new InputException(option, "setting", $"'{pair[0]}' in '{text}'", Suggestion.Among(kind.Settings.Select(setting => setting.Name), pair[0]));
            if (!given.Add(setting.Name))
                throw new InputException(option, setting.Name, $"it twice in '{text}'", "every setting once");
            value = setting.With(value, Number(setting, pair, text));
        }

        foreach (var setting in kind.Settings.Where(setting => !given.Contains(setting.Name) && !setting.Range.Holds(setting.Get(value))))
            throw new InputException(option, setting.Name, $"none in '{text}'", $"{setting.Range.Text}, as in {kind.Example}");
        return value;
    }

    /// <summary>As <see cref="Parse"/> reads it: the settings that differ from their defaults.</summary>
    public string Print(T value)
    {
        var kind = KindOf(value);
        string settings = string.Join(',', kind.Settings.Where(setting => setting.Get(value) != setting.Get(kind.Standard)).Select(setting => Print(setting, setting.Get(value))));
        return settings.Length == 0 ? kind.Name : $"{kind.Name}:{settings}";
    }

    /// <exception cref="InputException">A number is out of range.</exception>
    public void Validate(T value)
    {
        foreach (var setting in KindOf(value).Settings.Where(setting => !setting.Range.Holds(setting.Get(value))))
            throw new InputException(option, setting.Name, setting.Get(value).ToString(CultureInfo.InvariantCulture), setting.Range.Text);
    }

    private Kind<T> KindOf(T value) => kinds.First(kind => kind.Standard.GetType() == value.GetType());

    private static string Print(Setting<T> setting, double number) =>
        setting.Range == NumberRange.Flag ? setting.Name
        : setting.Words.Count > 0 ? $"{setting.Name}={setting.Words[(int)number]}"
        : string.Create(CultureInfo.InvariantCulture, $"{setting.Name}={number:R}");

    private double Number(Setting<T> setting, string[] pair, string text)
    {
        if (setting.Range == NumberRange.Flag)
            return pair.Length == 1 ? 1 : throw new InputException(option, setting.Name, $"'{pair[1]}' in '{text}'", "no value: it is a flag");
        string found = pair.Length == 1 ? "no value" : $"'{pair[1]}'";
        if (setting.Words.Count > 0)
            return pair.Length == 2 && setting.Words.ToList().IndexOf(pair[1]) is >= 0 and var word ? word : throw new InputException(option, setting.Name, $"{found} in '{text}'", setting.Range.Text);
        return pair.Length == 2 && double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && setting.Range.Holds(number)
            ? number
            : throw new InputException(option, setting.Name, $"{found} in '{text}'", setting.Range.Text);
    }
}

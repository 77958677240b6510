using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Talweg.Storage;

namespace Talweg.Training;

/// <summary>What a checkpoint knows its run by, taken apart: the plan's settings, and what acted on the run from outside of it.</summary>
internal sealed partial class PlanText
{
    private const string None = "none", Epochs = nameof(TrainingPlan.MaxEpochs), Extra = nameof(TrainingPlan.ExtraEpochs);

    private readonly OrderedDictionary<string, string> _settings;

    private PlanText(OrderedDictionary<string, string> settings) => _settings = settings;

    /// <summary>Of a run.</summary>
    public static string Of(TrainingPlan plan, Interventions interventions) => plan.Fingerprint + interventions.Fingerprint;

    /// <summary>Reads it; null where it is no such text.</summary>
    public static PlanText? Parse(string? text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);     // what follows the object is not JSON
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var json))
                return null;
            using (json)
            {
                var settings = new OrderedDictionary<string, string>();
                foreach (var property in json.RootElement.EnumerateObject())
                    settings[property.Name] = Text(property.Value);
                string[] rest = Marks().Split(Encoding.UTF8.GetString(bytes.AsSpan((int)reader.BytesConsumed)));
                for (int i = 1; i < rest.Length; i += 2)
                    settings[rest[i]] = rest[i + 1];
                return rest[0].Length == 0 ? new(settings) : null;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)     // no JSON; no object, or text that is none
        {
            return null;
        }
    }

    /// <summary>Every setting that is another here: <c>learning rate 0.1 there, 0.3 here</c>.</summary>
    public IEnumerable<string> Differences(PlanText here) =>
        Names(here).Select(name => $"{Words(name)} {Differing.Shown(this[name], here[name])}");

    /// <summary>Whether nothing is another but the number of epochs, and that not smaller.</summary>
    public bool IsGivenMoreEpochsBy(PlanText here) =>
        Names(here).All(name => name is Epochs or Extra) && Number(Epochs) <= here.Number(Epochs) && Number(Extra) <= here.Number(Extra);

    private string this[string name] => _settings.GetValueOrDefault(name, None);

    private IEnumerable<string> Names(PlanText here) => _settings.Keys.Union(here._settings.Keys).Where(name => this[name] != here[name]);

    /// <summary>Without a limit where there is none.</summary>
    private int Number(string name) => int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => None,
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : None,
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(item => item.GetRawText())),
        _ => value.GetRawText(),
    };

    /// <summary>A property's name in the words of options and messages.</summary>
    private static string Words(string name) => name == Epochs ? "epochs" : JsonNamingPolicy.KebabCaseLower.ConvertName(name).Replace('-', ' ');

    /// <summary>What begins what <see cref="Training.Interventions.Fingerprint"/> says of one of them.</summary>
    [GeneratedRegex(" (with noise|with implicit penalty|with penalty|seen by|from): ")]
    private static partial Regex Marks();
}

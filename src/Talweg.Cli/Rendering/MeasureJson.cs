using System.Text.Json;
using Talweg.Landscapes;
using Talweg.Noise;
using Talweg.Trajectories;

namespace Talweg.Cli.Rendering;

/// <summary>The documents of <c>talweg measure … --json</c>. Their keys and order are fixed: others read them.</summary>
internal static class MeasureJson
{
    /// <summary>Principal modes of a window of <paramref name="iterations"/> iterations.</summary>
    public static string Modes(PrincipalModes modes, int iterations) => JsonText.Of(json =>
    {
        json.WriteString("measure", "modes");
        json.WriteNumber("iterations", iterations);
        json.WriteNumber("weights", modes.Dimension);
        json.Numbers("variances", modes.Variances);
        json.Number("mean_norm", modes.MeanNorm);
    });

    /// <summary>Loss and slope along directions.</summary>
    public static string Transect(IReadOnlyList<double> displacements, IReadOnlyList<Profile> profiles, PathNote note) => JsonText.Of(json =>
    {
        json.WriteString("measure", "transect");
        json.Numbers("displacements", displacements);
        json.Objects("directions", profiles, profile =>
        {
            json.Numbers("loss", profile.Loss);
            json.Numbers("slope", profile.Slope!);
        });
        Notes(json, note);
    });

    /// <summary>Flatness along directions.</summary>
    public static string Flatness(double level, IReadOnlyList<Flatness> directions, PathNote note) => JsonText.Of(json =>
    {
        json.WriteString("measure", "flatness");
        json.Number("level", level);
        json.Objects("directions", directions, flatness => Write(json, flatness));
        Notes(json, note);
    });

    /// <summary>Active temperatures along directions.</summary>
    public static string Temperature(MinibatchSets sets, double learningRate, IReadOnlyList<double> displacements, IReadOnlyList<ActiveTemperature> directions, PathNote note) => JsonText.Of(json =>
    {
        json.WriteString("measure", "temperature");
        json.WriteNumber("batch", sets.BatchSize);
        json.Number("learning_rate", learningRate);
        json.Numbers("displacements", displacements);
        json.Objects("directions", directions, temperature =>
        {
            json.Numbers("temperature", temperature.Temperature);
            json.Numbers("standard_error", temperature.StandardError ?? [.. displacements.Select(_ => double.NaN)]);
        });
        Notes(json, note);
    });

    /// <summary>What the minibatches' valleys are along directions.</summary>
    public static string Ensemble(MinibatchSets sets, IReadOnlyList<MinibatchEnsemble> directions, PathNote note) => JsonText.Of(json =>
    {
        json.WriteString("measure", "ensemble");
        json.WriteNumber("batch", sets.BatchSize);
        json.Objects("directions", directions, ensemble =>
        {
            json.WriteNumber("minibatches", ensemble.Minibatches);
            json.WriteNumber("without_minimum", ensemble.WithoutMinimum);
            Write(json, "minimum", ensemble.Minimum);
            Write(json, "curvature", ensemble.Curvature);
            Write(json, "loss", ensemble.Loss);
        });
        Notes(json, note);
    });

    /// <summary>The data, and the warnings; a document without warnings has no such key.</summary>
    private static void Notes(Utf8JsonWriter json, PathNote note)
    {
        note.Data.Write(json);
        if (note.Warnings.Count > 0)
            json.Texts("notes", note.Warnings);
    }

    private static void Write(Utf8JsonWriter json, string name, EnsembleMoments? moments)
    {
        json.WriteStartObject(name);
        json.Number("mean", moments?.Mean);
        json.Number("variance", moments?.Variance);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Flatness flatness)
    {
        json.Number("left", flatness.Left);
        json.Number("right", flatness.Right);
        json.Number("flatness", flatness.Value);
        json.Number("loss_at_origin", flatness.LossAtOrigin);
        json.Number("fit_flatness", flatness.FitFlatness);
        json.Number("fit_r2", flatness.FitRSquared);
        // A side that is null is open, and one that is a number was found: only the third ending needs a word.
        if (flatness.LeftEnding == SideEnding.RoundLimit)
            json.WriteString("left_ending", "round limit");
        if (flatness.RightEnding == SideEnding.RoundLimit)
            json.WriteString("right_ending", "round limit");
    }
}

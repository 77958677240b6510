using Talweg.Data;
using Talweg.Training;

namespace Talweg.Studies.Running;

/// <summary>The samples of a study's cells, loaded and scaled once for all cells of this process that need the same ones.</summary>
internal sealed class StudySamples
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Data, int Samples, bool Standardised), TrainingData> _prepared = [];

    /// <summary>Finds the data set that the parameter <c>data</c> names.</summary>
    public static StudyData Find(Parameters parameters, DataContext context)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(context);
        var data = Datasets.Load(parameters.Text("data"), context.DataRoot, context.Progress, context.Cancellation);
        return new(data.Name, data.Checksum, DatasetCatalogue.Get(data.Name).IsDrawn) { Source = data.Source };
    }

    /// <summary>Training and test samples.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="samples">Training samples, from the first on; 0 for all.</param>
    /// <param name="context">Where to look.</param>
    /// <param name="standardised">Whether inputs have mean 0 and deviation 1 over the training samples, instead of [0, 1].</param>
    /// <exception cref="InputException">There are fewer training samples than that.</exception>
    public TrainingData Prepare(string name, int samples, CellContext context, bool standardised = false)
    {
        lock (_lock)
        {
            var key = (name, samples, standardised);
            if (_prepared.TryGetValue(key, out var ready))
                return ready;
            var data = Datasets.Load(name, context.DataRoot, context.Progress, context.Cancellation);
            if (samples > data.Train.Count)
                throw new InputException("--set", "samples", $"{samples}", $"at most {data.Train.Count}, the training samples of {data.Name}, or 0 for all");
            var train = samples == 0 ? data.Train : data.Train.First(samples);
            var scaling = standardised ? PixelScaling.Standardised(train) : PixelScaling.Unit;
            return _prepared[key] = new(LabelledSamples.Of(train, scaling), LabelledSamples.Of(data.Test, scaling));
        }
    }
}

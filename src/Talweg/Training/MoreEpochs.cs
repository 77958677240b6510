namespace Talweg.Training;

/// <summary>Goes on with a training beyond the number of epochs that it was begun with, so that it ends as if it had been begun with more.</summary>
/// <param name="folder">Where it is, for messages.</param>
/// <param name="plan">The plan with more epochs.</param>
/// <param name="interventions">What acts on it.</param>
internal sealed class MoreEpochs(string folder, TrainingPlan plan, Interventions interventions)
{
    /// <summary>The checkpoint as the longer run would have had it.</summary>
    /// <exception cref="InputException">The longer run would have gone another way.</exception>
    public Checkpoint From(Checkpoint earlier)
    {
        var checkpoint = earlier with { Epochs = [.. earlier.Epochs.Where(epoch => IsEvaluated(epoch.Epoch, earlier.Epochs))] };
        int completed = checkpoint.CompletedEpochs;
        if (plan.Schedule?.At(completed + 1, long.MaxValue, perEpoch: 1) == 0)
            Refuse($"its schedule {plan.Schedule} has brought the learning rate to 0 by epoch {completed}, so that nothing would move", "Start afresh with a schedule for as many epochs");
        if (interventions.Noise is { RefreshEvery: var every } && completed % every != 0)
            Refuse($"its noise takes in the weights every {every} epochs, and epoch {completed}, where it ended, is between two of them", "Choose numbers of epochs divisible by that, and start afresh");
        int start = plan.FirstRecordedAfter(Checkpoint.ZeroErrorIn(checkpoint.Epochs)) ?? int.MaxValue;
        if ((start <= completed ? start : (int?)null) != checkpoint.FirstRecordedEpoch)
            Refuse($"a longer run would record {(start <= completed ? $"from epoch {start} on" : "later")}, but this one recorded {(checkpoint.FirstRecordedEpoch is { } first ? $"from epoch {first} on" : "nothing")}",
                "Choose epochs and extra epochs with which recording begins as it did, or start afresh");
        return checkpoint;
    }

    /// <summary>A run's last epoch is evaluated whatever its number; a longer run would have passed over it.</summary>
    private bool IsEvaluated(int epoch, IReadOnlyList<EpochRecord> epochs) =>
        epoch % (plan.EvaluateEvery ?? 1) == 0 || epoch == plan.LastEpochAfter(Checkpoint.ZeroErrorIn(epochs.Where(one => one.Epoch < epoch)));

    private void Refuse(string why, string wayOut) =>
        throw new InputException($"{folder}: the training there cannot be given more epochs: {why}. {wayOut} (--overwrite), or choose another folder.");
}

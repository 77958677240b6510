using System.Globalization;

namespace Talweg.Continual;

/// <summary>All that decides what is learned, by name, so that two plans that differ can be told apart by what differs.</summary>
internal static class PlanSettings
{
    public static IReadOnlyDictionary<string, string> Of(ContinualPlan plan, TaskSequence tasks) => new OrderedDictionary<string, string>
    {
        ["tasks"] = tasks.Name,
        ["method"] = $"{plan.Method}",
        ["network"] = $"{plan.Network}",
        ["protocol"] = $"{plan.Protocol}",
        ["trained layers"] = plan.TrainedLayers is { } layers ? string.Join(",", layers) : "default",
        ["penalty step"] = plan.PenaltyStep?.ToString() ?? "default",
        ["batch size"] = Number(plan.BatchSize),
        ["learning rate"] = plan.Optimizer is null ? plan.LearningRate.ToString("R", CultureInfo.InvariantCulture) : "the optimizer's",
        ["optimizer"] = plan.Optimizer?.ToString() ?? "sgd",
        ["epochs"] = Number(plan.Epochs),
        ["later epochs"] = plan.LaterEpochs is { } epochs ? Number(epochs) : "as the first",
        ["later learning rate"] = plan.LaterLearningRate?.ToString("R", CultureInfo.InvariantCulture) ?? "as the first",
        ["window epochs"] = Number(plan.WindowEpochs),
        ["pretraining epochs"] = Number(plan.PretrainingEpochs),
        ["pretraining classes"] = $"{plan.PretrainingClasses}",
        ["seed"] = plan.Seed.ToString(CultureInfo.InvariantCulture),
        ["data"] = plan.Data,
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

#include "ui/kit/shell.h"

#include <imgui.h>
#include <imgui/backends/imgui_impl_glfw.h>
#include <imgui/backends/imgui_impl_opengl3.h>

#include <atomic>
#include <cmath>
#include <deque>
#include <fstream>
#include <stdexcept>

#include "ui/kit/fonts_beside.h"
#include "ui/kit/glyph_texture.h"
#include "ui/kit/inspection.h"
#include "ui/kit/play.h"
#include "ui/kit/screenshot.h"
#include "ui/kit/task.h"
#include "ui/kit/touch_keys.h"

namespace paprsek::ui {
namespace {

std::atomic<bool> woken{false};
std::atomic<bool> window_open{false};

struct MouseEvent {
    int button;
    bool down;
    Point at;  // window coordinates
    double time;
};

/// Off every screen: what lies under the touch keys feels nothing.
Pointer far_away() {
    Pointer pointer;
    pointer.at = pointer.pressed_at = {-10000, -10000};
    return pointer;
}

class Window final : Stage {
public:
    Window(ShellOptions& options, App& app);
    ~Window() override;
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    void loop();

private:
    static Window& self(GLFWwindow* window) { return *static_cast<Window*>(glfwGetWindowUserPointer(window)); }
    void install_callbacks();
    void read_events();
    void dispatch();
    bool zoom_key(const KeyPress& press);
    void take_mouse();
    void apply_scale();
    void draw();
    bool screenshot_done();
    void done(FrameTimes::Part part) {
        if (times_) times_->done(part, app_.asked());
    }
    bool played();
    void tell_drawn();

    bool show(const std::string& screen) override { return app_.show(screen); }
    void press(const KeyPress& press) override { app_.key(press); }
    void scan(const std::string& text) override { app_.scan(text); }
    void click(Point logical) override;
    void drop(const std::filesystem::path& file) override { app_.drop({file}); }
    void set_look(ThemeName theme, const PlaySize& size) override;
    void save(const std::filesystem::path& picture) override;
    const Inspection& inspection() const override { return *inspection_; }

    ShellOptions& options_;
    App& app_;
    GLFWwindow* window_ = nullptr;
    Fonts fonts_;
    std::optional<GlyphTexture> glyphs_;
    InputQueue input_;
    std::deque<MouseEvent> mouse_;
    std::vector<std::filesystem::path> dropped_;
    Pointer pointer_;
    std::optional<Point> cursor_;  // as the events tell it, one after the other
    float wheel_ = 0;
    double clicked_at_ = -1;
    Point clicked_where_;
    float scale_ = 0;
    float zoom_max_ = 1;
    bool scale_waits_ = false;  ///< another one is wanted than is drawn
    int frames_due_ = 3;
    int frames_drawn_ = 0;
    std::optional<double> redraw_at_;
    double opened_at_ = 0;
    std::optional<FrameTimes> times_;
    TouchKeys touch_keys_;
    bool by_touch_ = false;  // the last key or touch was a touch
    std::optional<Inspection> inspection_;
    std::optional<Play> play_;
    int frames_shown_ = 0;   // since the last step of it
    double step_at_ = 0;
    std::string drawn_;
};

/// Zooming in may not cut the layout.
float largest_scale(const ShellOptions& options, int width, int height) {
    return std::min(static_cast<float>(std::max(width, 1)) / options.logical_min.x, static_cast<float>(std::max(height, 1)) / options.logical_min.y);
}

float scale_of(const ShellOptions& options, int width, int height, float content) {
    const float w = static_cast<float>(std::max(width, 1));
    const float h = static_cast<float>(std::max(height, 1));
    const float scale_min = std::max(w / options.logical_max.x, h / options.logical_max.y);
    // A very wide or flat window obeys the smaller bound.
    const float scale = std::min(std::max(content * options.zoom, scale_min * std::min(options.zoom, 1.0F)), largest_scale(options, width, height));
    return std::max(0.5F, std::round(scale * 20) / 20);
}

Window::Window(ShellOptions& options, App& app) : options_(options), app_(app) {
    if (options.frame_times) times_.emplace(*options.frame_times);
    if (!options.fullscreen) prepare_fonts(scale_of(options, options.width, options.height, 1));  // while OpenGL begins
    if (glfwInit() == GLFW_FALSE) {
        const char* why = nullptr;
        glfwGetError(&why);
        throw std::runtime_error(std::string("window: no display: ") + (why != nullptr ? why : "unknown reason"));
    }
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 2);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);  // what is drawn later lies above; a buffer of depths is as large as the picture
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    GLFWmonitor* monitor = options.fullscreen ? glfwGetPrimaryMonitor() : nullptr;
    int width = options.width;
    int height = options.height;
    if (monitor != nullptr) {
        const GLFWvidmode* mode = glfwGetVideoMode(monitor);
        width = mode->width;
        height = mode->height;
    }
    // EGL first: GLX asks each of hundreds of pixel formats for each of its properties, and hands the first picture over slowly.
    for (const int way : {GLFW_EGL_CONTEXT_API, GLFW_NATIVE_CONTEXT_API}) {
        glfwWindowHint(GLFW_CONTEXT_CREATION_API, way);
        window_ = glfwCreateWindow(width, height, options.title.c_str(), monitor, nullptr);
        if (window_ != nullptr) break;
    }
    if (window_ == nullptr) {
        glfwTerminate();
        throw std::runtime_error("window: cannot be opened (OpenGL 3.2 is needed; libgl1-mesa-dri draws it without a graphics card)");
    }
    glfwMakeContextCurrent(window_);
    glfwSwapInterval(options.screenshot || options.play ? 0 : 1);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    install_callbacks();  // before ImGui's, which then calls ours first
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
    ImGui_ImplOpenGL3_Init("#version 150");
    ImGui_ImplOpenGL3_CreateDeviceObjects();
    glyphs_.emplace();
    opened_at_ = glfwGetTime();
    if (options.play) play_.emplace(*options.play, options.pictures);
    if (options.play || options.drawn) inspection_.emplace();
    window_open = true;
}

Window::~Window() {
    window_open = false;
    glyphs_.reset();  // while there is OpenGL
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(window_);
    glfwTerminate();
}

void Window::install_callbacks() {
    glfwSetWindowUserPointer(window_, this);
    glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int, int action, int mods) {
        if (action != GLFW_RELEASE) self(w).input_.key(key, mods, action == GLFW_REPEAT, glfwGetTime());
    });
    glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned codepoint) { self(w).input_.character(codepoint, glfwGetTime()); });
    glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
        // Where it was when the button was: asked now, a hand that is quicker than the frames would be elsewhere already.
        if (!self(w).cursor_) {
            double x = 0;
            double y = 0;
            glfwGetCursorPos(w, &x, &y);
            self(w).cursor_ = Point{static_cast<float>(x), static_cast<float>(y)};
        }
        self(w).mouse_.push_back({button, action == GLFW_PRESS, *self(w).cursor_, glfwGetTime()});
    });
    glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double x, double y) {
        self(w).cursor_ = Point{static_cast<float>(x), static_cast<float>(y)};
        self(w).pointer_.at = *self(w).cursor_;
        self(w).frames_due_ = std::max(self(w).frames_due_, 1);
    });
    glfwSetScrollCallback(window_, [](GLFWwindow* w, double, double y) {
        self(w).wheel_ += static_cast<float>(y);
        self(w).frames_due_ = 2;
    });
    glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
        for (int i = 0; i < count; ++i) self(w).dropped_.emplace_back(paths[i]);
    });
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { self(w).frames_due_ = 3; });
    glfwSetWindowRefreshCallback(window_, [](GLFWwindow* w) { self(w).frames_due_ = 3; });
}

void Window::read_events() {
    const double now = glfwGetTime();
    double wait = 2;  // ticks look for news this often
    if (redraw_at_) wait = std::min(wait, *redraw_at_ - now);
    if (const auto due = input_.due()) wait = std::min(wait, *due - now);
    if ((frames_due_ > 0 || !mouse_.empty() || woken) && !input_.in_burst(now)) wait = 0;
    input_.reading(now);
    if (wait > 0) glfwWaitEventsTimeout(wait);
    else glfwPollEvents();
    input_.polled(glfwGetTime());
}

bool Window::zoom_key(const KeyPress& press) {
    if (!press.control) return false;
    float zoom = options_.zoom;
    if (press.key == GLFW_KEY_EQUAL || press.key == GLFW_KEY_KP_ADD) zoom *= 1.1F;
    else if (press.key == GLFW_KEY_MINUS || press.key == GLFW_KEY_KP_SUBTRACT) zoom /= 1.1F;
    else if (press.key == GLFW_KEY_0 || press.key == GLFW_KEY_KP_0) zoom = 1;
    else return false;
    options_.zoom = std::clamp(zoom, 0.5F, 3.0F);
    return true;
}

void Window::dispatch() {
    while (auto event = input_.next()) {
        frames_due_ = 2;
        while (auto burst = input_.take_burst()) app_.burst(*burst);
        if (const Scan* scan = std::get_if<Scan>(&*event)) {
            if (times_) times_->scan();
            app_.scan(scan->text);
            continue;
        }
        if (times_) times_->key();
        KeyPress press = std::get<KeyPress>(*event);
        by_touch_ = false;
        if (zoom_key(press)) continue;
        if ((press.control && press.key == GLFW_KEY_V) || (press.shift && press.key == GLFW_KEY_INSERT)) {
            const char* clipboard = glfwGetClipboardString(window_);
            press.pasted = clipboard != nullptr ? clipboard : "";
        }
        app_.key(press);
    }
    if (!dropped_.empty()) {
        app_.drop(std::exchange(dropped_, {}));
        frames_due_ = 3;
    }
    done(FrameTimes::Part::input);
    if (woken.exchange(false)) frames_due_ = std::max(frames_due_, 2);
    if (app_.tick(glfwGetTime())) frames_due_ = std::max(frames_due_, 2);
    done(FrameTimes::Part::tick);
}

// One press and release at most per frame, so that two quick taps stay two.
void Window::take_mouse() {
    pointer_.pressed = pointer_.released = pointer_.right_released = pointer_.twice = false;
    pointer_.wheel = std::exchange(wheel_, 0.0F);
    constexpr double double_click = 0.4;
    while (!mouse_.empty()) {
        const MouseEvent event = mouse_.front();
        mouse_.pop_front();
        frames_due_ = 3;
        by_touch_ = true;
        pointer_.at = event.at;
        if (event.button == GLFW_MOUSE_BUTTON_RIGHT && !event.down) pointer_.right_released = true;
        if (event.button != GLFW_MOUSE_BUTTON_LEFT) continue;
        pointer_.down = event.down;
        if (event.down) {
            pointer_.pressed = true;
            pointer_.pressed_at = event.at;
            pointer_.dragged = 0;
        } else {
            pointer_.released = true;
            const bool near = std::hypot(event.at.x - clicked_where_.x, event.at.y - clicked_where_.y) < 8;
            pointer_.twice = near && event.time - clicked_at_ < double_click;
            clicked_at_ = pointer_.twice ? -1 : event.time;
            clicked_where_ = event.at;
            break;
        }
    }
    if (pointer_.down)
        pointer_.dragged = std::max(pointer_.dragged, std::hypot(pointer_.at.x - pointer_.pressed_at.x, pointer_.at.y - pointer_.pressed_at.y));
}

void Window::apply_scale() {
    int width = 0;
    int height = 0;
    glfwGetWindowSize(window_, &width, &height);
    float content = 1;
    float content_y = 1;
    glfwGetWindowContentScale(window_, &content, &content_y);
    const float scale = scale_of(options_, width, height, content);
    zoom_max_ = largest_scale(options_, width, height) / std::max(content, 0.1F);
    scale_waits_ = scale != scale_ && scale_ > 0 && !fonts_prepared(scale);
    if (scale == scale_) return;
    if (scale_waits_) {
        prepare_fonts(scale);  // as it was, until they are there
        return;
    }
    scale_ = scale;
    fonts_.load(scale_);
    glyphs_->upload();
    ImGui::GetIO().Fonts->ClearTexData();  // OpenGL has it
}

void Window::draw() {
    apply_scale();
    take_mouse();
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    ImGui::NewFrame();
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    Canvas canvas(*ImGui::GetBackgroundDrawList(), fonts_, scale_, inspection_ ? &*inspection_ : nullptr);
    Pointer pointer = pointer_;
    pointer.at = {pointer.at.x / scale_, pointer.at.y / scale_};
    pointer.pressed_at = {pointer.pressed_at.x / scale_, pointer.pressed_at.y / scale_};
    pointer.dragged /= scale_;
    Ui ui(canvas, theme(options_.theme), touch_keys_.take(pointer) ? far_away() : pointer, glfwGetTime());
    ui.by_touch = by_touch_;
    ui.zoom_max = zoom_max_;
    const Rect area{0, 0, size.x / scale_, size.y / scale_};
    if (inspection_) inspection_->begin(area);
    canvas.fill(area, ui.theme.background);
    app_.draw(ui, area);
    ui.pointer = pointer;
    if (const auto touched = touch_keys_.draw(ui, area)) app_.key(*touched);
    redraw_at_ = ui.redraw_wanted();
    ImGui::Render();
    done(FrameTimes::Part::draw);
    const ImVec2 pixels = ImGui::GetIO().DisplayFramebufferScale;
    clear_framebuffer(static_cast<int>(size.x * pixels.x), static_cast<int>(size.y * pixels.y));
    if (!play_ || play_->paints()) ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    done(FrameTimes::Part::render);
    --frames_due_;
    ++frames_drawn_;
}

bool Window::screenshot_done() {
    if (!options_.screenshot) return false;
    frames_due_ = 2;
    constexpr int frames_min = 4;
    constexpr double patience = 20;
    if (frames_drawn_ < frames_min || (!app_.settled() && glfwGetTime() - opened_at_ < patience)) return false;
    save(*options_.screenshot);
    return true;
}

/// Of --drawn. A file is replaced whole, so that who reads it finds all of a frame.
void Window::tell_drawn() {
    if (!options_.drawn) return;
    std::string all;
    for (const Inspection::Text& text : inspection_->texts()) {
        const auto number = [&](float logical) { all += std::to_string(static_cast<int>(std::round(logical * scale_))) + " "; };
        number(text.at.x);
        number(text.at.y);
        number(text.at.w);
        number(text.at.h);
        all.back() = '\t';
        all += text.whole + "\n";
    }
    if (all == drawn_) return;
    drawn_ = std::move(all);
    const std::filesystem::path beside = options_.drawn->string() + ".new";
    std::error_code fault;
    if (std::ofstream(beside) << drawn_ << std::flush) std::filesystem::rename(beside, *options_.drawn, fault);
    else fault = std::make_error_code(std::errc::io_error);
    if (fault) throw std::runtime_error("--drawn: " + options_.drawn->string() + " cannot be written (is its folder there?)");
}

void Window::click(Point logical) {
    const Point at{logical.x * scale_, logical.y * scale_};
    const double now = glfwGetTime();
    mouse_.push_back({GLFW_MOUSE_BUTTON_LEFT, true, at, now});
    mouse_.push_back({GLFW_MOUSE_BUTTON_LEFT, false, at, now});
}

void Window::set_look(ThemeName theme, const PlaySize& size) {
    options_.theme = theme;
    options_.zoom = size.zoom;
    glfwSetWindowSize(window_, size.width, size.height);
    pointer_.at = {0, 0};
}

void Window::save(const std::filesystem::path& picture) {
    int width = 0;
    int height = 0;
    glfwGetFramebufferSize(window_, &width, &height);
    save_framebuffer(picture, width, height);
}

/// A step of the play once the last one has been drawn and what it began is done. True after the last one.
bool Window::played() {
    if (!play_) return false;
    constexpr int frames_min = 3;
    constexpr double patience = 20;
    frames_due_ = 2;
    if (++frames_shown_ < frames_min || !mouse_.empty() || ((!app_.settled() || scale_waits_) && glfwGetTime() - step_at_ < patience)) return false;
    frames_shown_ = 0;
    step_at_ = glfwGetTime();
    return !play_->next(*this);
}

void Window::loop() {
    while (glfwWindowShouldClose(window_) == GLFW_FALSE) {
        read_events();
        if (times_) times_->begin(app_.where(), app_.asked());
        dispatch();
        if (redraw_at_ && glfwGetTime() >= *redraw_at_) frames_due_ = std::max(frames_due_, 1);
        if ((frames_due_ > 0 || !mouse_.empty()) && !input_.in_burst(glfwGetTime())) {
            draw();
            tell_drawn();
            if (screenshot_done() || played()) return;
            glfwSwapBuffers(window_);
            done(FrameTimes::Part::swap);
        }
        if (times_) times_->end(app_.where());
    }
}

}  // namespace

void wake() {
    woken = true;
    if (window_open) glfwPostEmptyEvent();
}

void run(ShellOptions& options, App& app) {
    Window window(options, app);
    window.loop();
}

}  // namespace paprsek::ui
